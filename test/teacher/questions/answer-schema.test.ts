import { describe, expect, it } from 'vitest';
import { parseAnswer } from '../../../teacher/answers/parse-answer.js';
import { answerInstruction, answerSchema } from '../../../teacher/questions/answer-schema.js';

interface Schema {
  readonly type: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
}

/** A value that fits a schema: lists have two members, tags are numbered in order. */
function example({ type, items, properties = {} }: Schema, next = { n: 0 }): unknown {
  if (type === 'array') return [example(items!, next), example(items!, next)];
  if (type === 'object') {
    return Object.fromEntries(Object.entries(properties).map(([key, inner]) => [key, example(inner, next)]));
  }
  return type === 'string' ? `tag ${++next.n}` : 0.5;
}

function* objectsIn(schema: Schema): Generator<Schema> {
  if (schema.type === 'object') yield schema;
  for (const inner of [schema.items, ...Object.values(schema.properties ?? {})]) {
    if (inner !== undefined) yield* objectsIn(inner);
  }
}

const tags = (...numbers: number[]): unknown => numbers.map((n) => ({ raw: `tag ${n}`, score: 0.5 }));

describe('answerSchema', () => {
  it.each([
    ['item2tag', { item: tags(1, 2), user: tags(3, 4) }],
    ['i2u', { user: tags(1, 2) }],
    ['u2i', { item: tags(1, 2) }],
  ] as const)('describes answers to %s that are read whole, without a note', (task, expected) => {
    const answer = example(answerSchema(task).schema as unknown as Schema);
    expect(parseAnswer(task, JSON.stringify(answer))).toEqual({ state: 'ok', tags: expected, notes: [] });
  });

  it.each(['item2tag', 'i2u', 'u2i'] as const)('keeps to what strict decoding asks of %s', (task) => {
    const { name, schema } = answerSchema(task);
    expect(name).toMatch(/^\w{1,64}$/);
    for (const { properties, required, additionalProperties } of objectsIn(schema as unknown as Schema)) {
      expect(required).toEqual(Object.keys(properties!));
      expect(additionalProperties).toBe(false);
    }
  });

  it('is given in words where the server takes no schema', () => {
    for (const task of ['item2tag', 'i2u'] as const) {
      const words = answerInstruction(task);
      expect(words).toContain('JSON');
      expect(words).toContain(JSON.stringify(answerSchema(task).schema));
    }
  });
});
