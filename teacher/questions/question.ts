import { sha256 } from '../../src/core/hash.js';
import type { Task } from '../../src/dataset/rows.js';

/** A part of a message: text, or an image as a data URL or an address that the server fetches. */
export type ContentPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image_url'; readonly image_url: { readonly url: string } };

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string | readonly ContentPart[];
}

/** Request parameters as they are sent, e.g. `{ temperature: 0, max_tokens: 1024 }`. */
export type ChatParams = Readonly<Record<string, unknown>>;

/** Which model answers, and where. */
export interface ModelEndpoint {
  /** Ends in `/v1` for most servers. */
  readonly baseUrl: string;
  readonly model: string;
  readonly params: ChatParams;
}

/** Something to ask the teacher once: an item, or a source tag, for one sample. */
export interface Question {
  readonly task: Task;
  /** Item id (item2tag) or source tag (tag2tag). */
  readonly sourceId: string;
  /** 0 for the first answer to the same question, 1 for the second. */
  readonly sample: number;
  readonly prompt: { readonly id: string; readonly hash: string };
  /** As asked before the form of the answer is: images are inside, as data URLs. */
  readonly messages: readonly ChatMessage[];
}

/**
 * Give the key of a question to a model: 128 bits of a SHA-256, in hex.
 *
 * It goes over all that decides the answer and nothing else: items of the same text share their answer.
 */
export function questionKey(
  { messages, sample }: Question,
  { baseUrl, model, params }: ModelEndpoint,
): string {
  return sha256(JSON.stringify([baseUrl, model, params, messages, sample])).slice(0, 32);
}
