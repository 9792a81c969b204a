// Makes datasets/books from the recorded answers: npm run build:books [--from DIR] [--out DIR]
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packagePath } from '../src/core/package-info.js';
import { readArrowRows } from '../src/dataset/arrow-reader.js';
import { ArrowFileWriter } from '../src/dataset/arrow-writer.js';
import { tablePath } from '../src/dataset/files.js';
import { answerOf, collectItemTags, replayAnswers } from '../teacher/index.js';

const INSTRUCTIONS_ITEM2TAG = `Item tags: 8-10 independent and detailed interest tags, what the book is about and what it is like; free-form, lower case, 1-4 words, most relevant first; detailed beats generic; the natural common word, so that the same topic gets the same tag elsewhere; no title, author or character names. User tags: 8-10 distinct target audience segments: social roles, identities, life situations, professions, hobbies or traits of people whom it would especially appeal to; singular; roles of people, not topics. A strength 0.30-1.00 in steps of 0.05 after each.`;
const INSTRUCTIONS_TAG2TAG = `I2U "The book has content about {item tag}. List its potential audience."; U2I "The reader is a {user tag}. List the reading interests of such a person."; 8 answers, strongest first, about 4-5 plain ones and 3-4 less obvious but logical; with a strength.`;

const TEACHER = 'a large language model (Claude, November 2026)';

const SECTIONS = [
  `## Where it comes from

2,165 well-known books: title, authors, year and a synopsis of 40 to 70 words. Synopses and answers were written by ${TEACHER}, acting as the teacher, one book or tag at a time, free-form, without fine-tuning; no text was copied. Several independent runs answered disjoint parts, so spelling and granularity vary as they do in real runs. Near-duplicates ("mother daughter relationship", "mother-daughter relationship") are left as they came.

Instructions for items: ${INSTRUCTIONS_ITEM2TAG}

Instructions for tags: ${INSTRUCTIONS_TAG2TAG}

The exact model id, the requests' wording, tokens, costs and times were not recorded: \`model_requested\` and the like are null, \`prompt_id\` is \`unrecorded\`. \`raw_text\` is the answer as it came.`,
  `## Columns worth knowing

- \`items.text\` is "title. authors. synopsis", what a student reads. \`fields\` holds title, authors and year as JSON, and \`"teacher_known": false\` for the 14 books that the teacher did not know and answered from title and author only.
- \`items.item_id\` is the book id of goodbooks-10k, so its ratings join.
- \`item_tags.arrow\` and \`tag_edges.arrow\` come from the first answer to each question (sample 0).
- \`item_tags_second.arrow\` has the columns of \`item_tags.arrow\`: a second, independent answer (sample 1) for 110 of the books, for measuring how far the teacher agrees with itself. It is a reference, not a bound.`,
  `## Splits

75 % train, 10 % validation and 15 % test of the groups, by a hash of the group's name (seed 1). The group of a book is the series that its title names, else its first author; a split by id would leak series. A book whose title names no series may still belong to one ("Twilight" and "New Moon (Twilight, #2)"), and an author with and without series may stand in two splits: \`fields\` says of each book whether its first author has books in the training part (\`"author_in_training": "yes"\` or \`"no"\`), for figures apart: \`tagdistill evaluate ... --slice-by author_in_training\`.`,
  `## Limits

One teacher, one answer to most questions, in English. The books are popular ones up to 2017, mostly from the English-speaking market. User tags are partly a matter of choice among good ones: the teacher repeats itself less there than on item tags. Tags reflect the teacher's view of audiences, stereotypes included. Strengths are graded in steps of 0.05; they are gains, not probabilities.`,
  `## Licence and credit

CC BY-SA 4.0. Ids, titles, authors and years are those of goodbooks-10k by Zygmunt Zajac (https://github.com/zygmuntz/goodbooks-10k), CC BY-SA 4.0. Synopses and answers were written for this project by ${TEACHER}.`,
];

const { values } = parseArgs({ options: { from: { type: 'string' }, out: { type: 'string' } } });
const from = values.from ?? join(process.env.TAGDISTILL_SHARED_DATA ?? packagePath('..', 'shared', 'data'), 'teacher-books');
const out = values.out ?? packagePath('datasets', 'books');
const metadata = {
  teacher: TEACHER,
  instructions_item2tag: INSTRUCTIONS_ITEM2TAG,
  instructions_tag2tag: INSTRUCTIONS_TAG2TAG,
  license: 'CC BY-SA 4.0; ids, titles, authors, years: goodbooks-10k by Zygmunt Zajac, CC BY-SA 4.0',
};

const splits = { validationShare: 0.1, testShare: 0.15, seed: 1 };
const scratch = await mkdtemp(join(tmpdir(), 'tagdistill-books-'));

/** The books with a field that says whether the first author has books in the training part. */
async function itemsWithSlice(): Promise<string> {
  const items = join(from, 'items.jsonl');
  const draft = join(scratch, 'draft');
  await replayAnswers({ answers: join(from, 'answers-item2tag.jsonl'), items, out: draft, splits });
  const splitOf = new Map<string, string>();
  for await (const rows of readArrowRows(tablePath(draft, 'items'), 'items')) {
    for (const { item_id, split } of rows) splitOf.set(item_id, split);
  }
  const books = (await readFile(items, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; authors: string[] });
  const known = new Set(books.filter(({ id }) => splitOf.get(id) === 'train').map(({ authors }) => authors[0]));
  const lines = books.map((book) => JSON.stringify({ ...book, author_in_training: known.has(book.authors[0]) ? 'yes' : 'no' }));
  const path = join(scratch, 'items.jsonl');
  await writeFile(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

const report = await replayAnswers({
  answers: ['answers-item2tag.jsonl', 'answers-item2tag-second.jsonl', 'answers-tag2tag.jsonl'].map((name) => join(from, name)),
  items: await itemsWithSlice(),
  out,
  overwrite: true,
  strict: true,
  splits,
  itemTagSamples: [0],
  card: {
    name: 'tagdistill books',
    summary: `Item tags, user tags and the links between them for well-known books, as given by ${TEACHER}. For distilling and trying out tagging students.`,
    license: 'cc-by-sa-4.0',
    sections: SECTIONS,
  },
  metadata,
});

const second = await ArrowFileWriter.create(join(out, 'item_tags_second.arrow'), 'item_tags', { metadata });
for await (const calls of readArrowRows(tablePath(out, 'calls'), 'calls')) {
  for (const call of calls) {
    const answer = call.task === 'item2tag' && call.sample === 1 ? answerOf(call) : null;
    if (answer !== null) await second.appendAll(collectItemTags(call.source_id, [answer]));
  }
}
await second.close();
await rm(scratch, { recursive: true });
process.stdout.write(`${JSON.stringify({ ...report, nSecond: second.nRows }, null, 2)}\n`);
