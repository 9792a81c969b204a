import { createHash } from 'node:crypto';

/** The body of a chat request, as far as servers read it. */
export interface ChatBody {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  readonly response_format?: {
    readonly type: string;
    readonly json_schema?: { readonly name?: string; readonly strict?: boolean };
  };
  readonly logprobs?: boolean;
  readonly [param: string]: unknown;
}

export interface FaultToken {
  readonly token: string;
  readonly logprob: number;
  readonly bytes: readonly number[];
}

const MANNERS = ['slow', 'quiet', 'unlikely', 'late', 'hidden', 'shared', 'early', 'lost', 'café', '冬天的'];
const TOPICS = ['friendship', 'violin', 'harbour', 'grief', 'winter', 'bread', 'chess', 'rivalry', 'garden'];
const TRAITS = [
  'night-shift',
  'retired',
  'amateur',
  'young',
  'lonely',
  'travelling',
  'grieving',
  'first-time',
];
const PEOPLE = ['nurse', 'sailor', 'teacher', 'baker', 'parent', 'musician', 'gardener', 'student', 'player'];
const N_TAGS = 8;

/** A digest of what is asked: equal messages to the same model get equal answers. */
export function digestOf({ model, messages }: ChatBody): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([model, messages]))
    .digest();
}

/** Answer as a model would: JSON with both lists, or what a tag2tag prompt asks for; a function of the request. */
export function answerTo(body: ChatBody, { nTimes = 1 }: { readonly nTimes?: number } = {}): string {
  const digest = digestOf(body);
  const asked = JSON.stringify(body.messages);
  const isList = !asked.includes('item_tags') && body.response_format?.json_schema?.name !== 'item2tag';
  const repeat = <T>(tags: readonly T[]): T[] => Array.from({ length: nTimes }, () => tags).flat();
  const item = repeat(tagsOf(digest, MANNERS, TOPICS));
  const user = repeat(tagsOf(digest, TRAITS, PEOPLE));
  if (!isList) return JSON.stringify({ item_tags: item, user_tags: user });
  const targets = asked.includes('audience') ? user : item;
  if (body.response_format !== undefined) return JSON.stringify({ tags: targets });
  return targets.map(({ tag, score }, i) => `${i + 1}. ${tag} (${score.toFixed(2)})`).join('\n');
}

function tagsOf(
  digest: Buffer,
  first: readonly string[],
  second: readonly string[],
): { readonly tag: string; readonly score: number }[] {
  // Steps that share no divisor with the number of pairs give each pair once.
  const start = digest.readUInt32LE(0);
  const nPairs = first.length * second.length;
  return Array.from({ length: N_TAGS }, (_, i) => {
    const pair = (start + i * 41) % nPairs;
    const tag = `${first[pair % first.length]!} ${second[Math.floor(pair / first.length)]!}`;
    return { tag, score: 1 - i * 0.05 };
  });
}

/** Cut a text into tokens as byte-level models do: characters beyond ASCII are torn apart. */
export function tokensOf(text: string): FaultToken[] {
  const pieces = text.match(/ ?[A-Za-z]{1,4}|[\x20-\x7e\n]|[^\x20-\x7e\n]+/gu) ?? [];
  const bytes = pieces.flatMap((piece) => {
    const whole = Buffer.from(piece);
    if (/^[\x20-\x7e\n]/u.test(piece)) return [whole];
    return Array.from({ length: Math.ceil(whole.length / 2) }, (_, i) => whole.subarray(2 * i, 2 * i + 2));
  });
  return bytes.map((part, i) => ({
    token: part.toString(),
    logprob: -((i % 7) + 1) / 100,
    bytes: [...part],
  }));
}
