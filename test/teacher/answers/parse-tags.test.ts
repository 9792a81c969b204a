import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTags, type TagAnswer } from '../../../teacher/answers/parse-tags.js';

const tagsOf = (answer: TagAnswer): unknown =>
  answer.state === 'ok'
    ? [answer.tags.item, answer.tags.user].map((list) => list.map(({ raw, score }) => [raw, score]))
    : answer.state;

const both = [
  [
    ['violin', 0.9],
    ['fishing town', 0.5],
  ],
  [['music teacher', 0.8]],
];
const asked = JSON.stringify({
  item_tags: [
    { tag: 'violin', score: 0.9 },
    { tag: 'fishing town', score: 0.5 },
  ],
  user_tags: [{ tag: 'music teacher', score: 0.8 }],
});

describe('parseTags', () => {
  it('reads the JSON that the prompt asks for, without a note', () => {
    expect(tagsOf(parseTags(asked))).toEqual(both);
    expect(parseTags(asked).notes).toEqual([]);
  });

  it.each([
    ['a code fence', `\`\`\`json\n${asked}\n\`\`\``],
    ['prose around it', `Sure! Here are the tags [as asked]:\n\n${asked}\n\nLet me know {if} you need more.`],
    ['thoughts before it', `<think>{"item_tags": ["wrong"], "user_tags": ["wrong"]}</think>${asked}`],
    ['a wrapper', `{"result": {"tags_of_item": 1, "data": ${asked}}}`],
    [
      'pairs',
      '{"item_tags": [["violin", 0.9], ["fishing town", 0.5]], "user_tags": [["music teacher", 0.8]]}',
    ],
    [
      'strengths in strings',
      '{"itemTags": ["violin (0.9)", "fishing town: 0.5"], "User Tags": ["music teacher - 80%"]}',
    ],
    [
      'maps',
      '{"interest tags": {"violin": 0.9, "fishing town": 0.5}, "target_audience": {"music teacher": 0.8}}',
    ],
    [
      'other field names',
      '{"tags": [{"name": "violin", "strength": "0.9"}, {"Label": "fishing town", "Score": 0.5}], "roles": [{"tag": "music teacher", "confidence": "80%"}]}',
    ],
    [
      'two blocks',
      '```\n{"item_tags": [["violin", 0.9], ["fishing town", 0.5]]}\n```\n```\n{"user_tags": [["music teacher", 0.8]]}\n```',
    ],
    [
      'headings',
      '## Item tags (8-10)\n1. violin (0.9)\n2. fishing town (0.5)\n\n## User tags\n1. music teacher (0.8)',
    ],
    [
      'bold headings',
      '**Item Tags:**\n- **violin** (0.9)\n- **fishing town**: 0.5\n\n**Target Audience:**\n* music teacher (strength: 0.80)',
    ],
    [
      'headings in sentences',
      'Here are the item tags:\n- violin: 0.9\n- fishing town: 0.5\nAnd these are the user tags:\n- music teacher: 0.8',
    ],
    ['one line a list', 'Item tags: violin (0.9), fishing town (0.5)\nUser tags: music teacher (0.8)'],
    [
      'explanations',
      'Item tags:\n1. violin (0.9): a retired pilot learns to play it\n2. fishing town: 0.5 - where it all takes place\nUser tags:\n1. music teacher (0.8) - teaches children how to play',
    ],
    [
      'percentages',
      '{"item_tags": [["violin", 90], ["fishing town", 50]], "user_tags": [["music teacher", 80]]}',
    ],
    [
      'Python quotes',
      "{'item_tags': [('violin', 0.9)], }"
        .replace('(', '[')
        .replace(')', ", ], ['fishing town', 0.5")
        .replace('0.9, ]', '0.9]') + "\n{'user_tags': [['music teacher', 0.8]]}",
    ],
    [
      'comments, and no commas',
      '{"item_tags": [{"tag": "violin", "score": 0.9} // the main thing\n {"tag": "fishing town" "score": 0.5}], /* who */ "user_tags": [# one\n["music teacher", 0.8],]}',
    ],
    [
      'no quotes',
      '{item_tags: [{tag: violin, score: 0.9}, {tag: fishing town, score: 0.5}], user_tags: [{tag: music teacher, score: 0.8}]}',
    ],
    [
      'names of its own for a tag',
      '{"interests": [{"interest": "violin", "score": 0.9}, {"Topic": "fishing town", "score": 0.5}], "audience": [{"reason": {}, "role": "music teacher", "relevance": 0.8}]}',
    ],
    [
      'lists deeper down',
      '{"tags": {"item": {"tags": [["violin", 0.9], ["fishing town", 0.5]]}, "user": [["music teacher", 0.8]]}}',
    ],
    [
      'strengths in objects',
      '{"item_tags": {"violin": {"score": 0.9}, "fishing town": {"score": 0.5}}, "user_tags": {"music teacher": {"score": 0.8}}}',
    ],
    [
      'quotes around tags',
      'Item tags:\n- "violin" (0.9)\n- “fishing town”: 0.5\nUser tags:\n- `music teacher` - 80%',
    ],
    ['JSON in a string', JSON.stringify(asked)],
    [
      'thoughts of other models',
      `<|channel|>analysis<|message|>{"item_tags": ["wrong"]}<|end|><|start|>assistant<|channel|>final<|message|>${asked}<|return|>`,
    ],
    [
      'tables',
      '### Item tags\n\n| # | Tag | Score |\n|---|:--|---|\n| 1 | violin | 0.9 |\n| 2 | fishing town | 0.5 |\n\n### User tags\n| Tag | Score | Why |\n|---|---|---|\n| music teacher | 0.8 | teaches it |',
    ],
    [
      'YAML',
      'item_tags:\n  - tag: violin\n    score: 0.9\n  - tag: "fishing town"\n    score: 0.5\nuser_tags:\n  - tag: music teacher\n    score: 0.8',
    ],
    [
      'HTML',
      '<h3>Item tags</h3><ul><li><b>violin</b> (0.9)</li><li>fishing town (0.5)</li></ul>\n<h3>User tags</h3><ul>\n<li class="x">music teacher (0.8)</li></ul>',
    ],
    [
      'strengths that nothing sets off',
      'Item tags:\n1. violin 0.9\n2. fishing town 0.50\nUser tags: music teacher (0.8)',
    ],
    [
      'Windows line ends',
      'Item tags\r\n- violin (0.9)\r\n- fishing town (0.5)\r\nUser tags\r\n- music teacher (0.8)\r\n',
    ],
  ])('reads %s', (_, text) => expect(tagsOf(parseTags(text))).toEqual(both));

  it('reads Chinese headings and lists', () => {
    const text =
      '兴趣标签：古典音乐、小提琴（0.9）、音乐会\n目标人群：\n1、音乐老师：因为他们每天都要教孩子演奏\n2、退休老人（80%）';
    expect(tagsOf(parseTags(text))).toEqual([
      [
        ['古典音乐', null],
        ['小提琴', 0.9],
        ['音乐会', null],
      ],
      [
        ['音乐老师', null],
        ['退休老人', 0.8],
      ],
    ]);
    const boxed =
      '【兴趣标签】古典音乐、小提琴（0.9）、音乐会\n【目标人群】\n（1）音乐老师——教孩子们拉琴的人\n2．退休老人（80%）';
    expect(tagsOf(parseTags(boxed))).toEqual(tagsOf(parseTags(text)));
    const wide = '｛"兴趣标签"：［｛"标签"："音乐"，"强度"：0.9｝］，"适合人群"：［"老师"］｝';
    expect(tagsOf(parseTags(wide))).toEqual([[['音乐', 0.9]], [['老师', null]]]);
    expect(tagsOf(parseTags('{"兴趣标签": ["音乐"], "目标人群": ["老师"]}'))).toEqual([
      [['音乐', null]],
      [['老师', null]],
    ]);
  });

  it('keeps the whole tags of JSON cut short at any place, and says that it was cut', () => {
    for (let end = asked.length - 1; end > 0; end--) {
      const answer = parseTags(asked.slice(0, end));
      if (answer.state === 'unparseable') {
        expect(end).toBeLessThan(asked.indexOf('}') + 1);
        continue;
      }
      const kept = [...answer.tags.item, ...answer.tags.user].map(({ raw, score }) => [raw, score]);
      expect(kept).toEqual(both.flat().slice(0, kept.length));
      expect(answer.notes.join()).toMatch(/cut short/);
    }
  });

  it('leaves out the end of a plain list where the answer broke off', () => {
    const text = 'Item tags: violin (0.9), sea (0.5)\nUser tags:\n- music teacher (0.8)\n- retir';
    expect(tagsOf(parseTags(text, { isCut: true }))).toEqual([
      [
        ['violin', 0.9],
        ['sea', 0.5],
      ],
      [['music teacher', 0.8]],
    ]);
    expect(tagsOf(parseTags('Item tags: violin, sea, fishi', { isCut: true }))).toEqual([
      [
        ['violin', null],
        ['sea', null],
      ],
      [],
    ]);
  });

  it('keeps tags well-formed, whatever surrogates the answer has', () => {
    const answer = parseTags('{"item_tags": ["a\ud800b", "c\\ud800d", "😀 fan"]}');
    expect(tagsOf(answer)).toEqual([['a\ufffdb', 'c\ufffdd', '😀 fan'].map((tag) => [tag, null]), []]);
  });

  it('reads a list inside the list, but no second tag as a strength', () => {
    expect(
      tagsOf(parseTags('{"item_tags": [["violin", "sea"]], "user_tags": [["x", "high"], "y"]}')),
    ).toEqual([
      [
        ['violin', null],
        ['sea', null],
      ],
      [
        ['x', null],
        ['y', null],
      ],
    ]);
  });

  it('keeps numbers that belong to the tag', () => {
    const text =
      '{"item_tags": ["orwell: 1984", "revolution (1917)", "catch-22", "1960s", "route 66", "web 1.0"], "user_tags": ["x"]}';
    expect(tagsOf(parseTags(text))).toEqual([
      ['orwell: 1984', 'revolution (1917)', 'catch-22', '1960s', 'route 66', 'web 1.0'].map((tag) => [
        tag,
        null,
      ]),
      [['x', null]],
    ]);
  });

  it('gives no strength, and a note, where one is outside [0, 1]', () => {
    const answer = parseTags(
      '{"item_tags": [["a", 1.7], ["b", -0.1], ["c", 0.5], ["d", "high"], ["e", null]]}',
    );
    expect(tagsOf(answer)).toEqual([
      [
        ['a', null],
        ['b', null],
        ['c', 0.5],
        ['d', null],
        ['e', null],
      ],
      [],
    ]);
    expect(answer.notes).toEqual([
      'strength 1.7 of "a" is outside [0, 1]',
      'strength -0.1 of "b" is outside [0, 1]',
      'the answer has no user tags',
    ]);
  });

  it('does not guess the scale of strengths from 1 to 10', () => {
    expect(tagsOf(parseTags('{"item_tags": [["a", 9], ["b", 7]]}'))).toEqual([
      [
        ['a', null],
        ['b', null],
      ],
      [],
    ]);
  });

  it('drops a tag named twice, whatever its case, and keeps the first', () => {
    const answer = parseTags('{"item_tags": [["Violin", 0.5], ["violin", 0.9]], "user_tags": ["x"]}');
    expect(tagsOf(answer)).toEqual([[['Violin', 0.5]], [['x', null]]]);
    expect(answer.notes).toEqual(['"violin" is named twice']);
  });

  it('leaves out what is no tag, with a note each', () => {
    const answer = parseTags(
      JSON.stringify({ item_tags: ['x', '...', 5, null, [1, 2], {}, 'w '.repeat(20), 'y'.repeat(201)] }),
    );
    expect(tagsOf(answer)).toEqual([[['x', null]], []]);
    expect(answer.notes).toHaveLength(8);
  });

  it.each([
    ['', /empty/],
    ['   \n', /empty/],
    ["I'm sorry, but as an AI, I can't tag this, really.", /no tags found in an answer of 50 characters/],
    ['{"item_tags": [], "user_tags": []}', /no tags found/],
    ['["violin", "music"]', /no tags found/],
    ['null', /no tags found/],
    ['{"error": "rate limited"}', /no tags found/],
    [
      '<think>The item tags: violin, sea. {"item_tags": ["violin"]} Now',
      /64 characters of thoughts and nothing after/,
    ],
    ['<html><h1>Tags</h1><ul><li>502 Bad Gateway</li></ul></html>', /a web page of 59 characters/],
    ['{"item_tags": [{"tag": "vio', /no tags found/],
    ['[{"item_ta', /no tags found/],
  ])('finds %j unparseable, and says why', (text, reason) => {
    expect(parseTags(text)).toMatchObject({
      state: 'unparseable',
      reason: expect.stringMatching(reason) as string,
    });
  });

  it('never throws, and gives strengths in [0, 1] and tags that are no blanks', () => {
    const piece = fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        '"',
        "'",
        ':',
        ',',
        '\n',
        '1. ',
        '- ',
        '(0.9)',
        '95%',
        'item tags',
        '"item_tags"',
        '用户标签：',
      ],
      ...[
        '"user_tags": [',
        '{"tag": "x", "score": ',
        '```',
        '\\u',
        '\\',
        '\ud800',
        '😀',
        'violin',
        ' - ',
        '、',
        '<think>',
      ],
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
      fc.json().map((json) => json.slice(0, -1)),
    );
    fc.assert(
      fc.property(text, (raw) => {
        const answer = parseTags(raw);
        if (answer.state === 'unparseable') return;
        for (const { raw: tag, score } of [...answer.tags.item, ...answer.tags.user]) {
          expect(tag.trim()).not.toBe('');
          if (score !== null) expect(score >= 0 && score <= 1).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it.each(['item tags: ', '1. a\n', '{"item_tags": [', '**', '(', '<think>', ' - ', 'a,'])(
    'takes a giant answer made of %j in its stride',
    (unit) => expect(() => parseTags(unit.repeat(100_000))).not.toThrow(),
  );
});
