import type { ChatMessage, ModelEndpoint } from '../questions/question.js';

/** Tokens as the server counts them. */
export interface Usage {
  readonly tokensIn: number;
  /** Of `tokensIn`. */
  readonly tokensCached: number;
  /** Those of a model's thoughts included. */
  readonly tokensOut: number;
}

/** What a server says of its limits; what it does not say is absent. */
export interface LimitHeaders {
  readonly limitRequests?: number;
  readonly remainingRequests?: number;
  readonly resetRequestsMs?: number;
  readonly limitTokens?: number;
  readonly remainingTokens?: number;
  readonly resetTokensMs?: number;
}

export interface TokenLogprob {
  readonly token: string;
  /** Natural logarithm, 0 or below. */
  readonly logprob: number;
  /** UTF-8 of the token, where the server gives it: a token may be part of a character. */
  readonly bytes?: readonly number[];
}

export interface ChatRequest {
  readonly endpoint: ModelEndpoint;
  readonly messages: readonly ChatMessage[];
  readonly responseFormat?: object;
  readonly logprobs?: boolean;
}

export interface ChatAnswer {
  /** Empty where the model said nothing. */
  readonly rawText: string;
  readonly finishReason: string | null;
  readonly modelReturned: string | null;
  /** Null where the server does not count, or counts nonsense. */
  readonly usage: Usage | null;
  readonly logprobs: readonly TokenLogprob[] | null;
  readonly limits: LimitHeaders | null;
  /** The model's words of refusal that came beside an answer. */
  readonly refusal: string | null;
}
