import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { TagdistillError } from '../../src/core/errors.js';
import type { LimitHeaders } from '../client/chat-client.js';
import { AbortGroups } from './abort-groups.js';
import { AdaptiveConcurrency } from './adaptive-concurrency.js';
import { Alarm, type Sleep } from './alarm.js';
import { Pause } from './pause.js';
import { Rate } from './rate.js';
import { WaitingLine, type Place } from './waiting-line.js';

export interface LimiterOptions {
  /** Calls in flight at most. */
  readonly concurrency: number;
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  /** Milliseconds since any moment, never going back. */
  readonly now?: () => number;
  readonly sleep?: Sleep;
  /** Numbers in [0, 1), for the jitter of back-off. */
  readonly random?: () => number;
}

export interface LimiterState {
  /** Calls that may be in flight now. */
  readonly concurrency: number;
  readonly inFlight: number;
  readonly waiting: number;
  /** How much longer no call starts. */
  readonly pausedMs: number;
}

interface Waiter {
  readonly nTokens: number;
  readonly signal: AbortSignal | undefined;
  readonly start: (round: number) => void;
  readonly refuse: (error: TagdistillError) => void;
}

// What is left is counted by the day at some servers, and fills all the time: worth a try after a minute.
const LONGEST_RESET_MS = 60_000;

/**
 * Starts calls, first come, first served, within a concurrency, requests a minute and tokens a minute.
 *
 * In no 60 s do more requests start than `requestsPerMinute`, nor calls of more tokens than `tokensPerMinute` and what
 * the largest of them has above a second's worth; a call of more than a minute's worth goes through alone. What the
 * server says of its limits counts where it is stricter, taken as amounts a minute.
 */
export class Limiter {
  private readonly now: () => number;
  private readonly concurrency: AdaptiveConcurrency;
  private readonly requests: Rate;
  private readonly tokens: Rate;
  private readonly pause: Pause;
  private readonly alarm: Alarm;
  private readonly line = new WaitingLine<Waiter>();
  private readonly aborts = new AbortGroups<Place<Waiter>>((place, signal) => {
    this.line.leave(place);
    place.value.refuse(aborted(signal));
    this.startWaiting();
  });

  /** @throws TagdistillError `E_BAD_OPTION` for limits that are no numbers above 0, or a concurrency that is not whole */
  constructor({
    concurrency,
    requestsPerMinute,
    tokensPerMinute,
    now = () => performance.now(),
    sleep = async (ms, signal) => setTimeout(ms, undefined, { signal }),
    random = Math.random,
  }: LimiterOptions) {
    if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
      throw new TagdistillError('E_BAD_OPTION', `the concurrency is ${concurrency}`, {
        hint: 'Give a whole number from 1 on, e.g. 16.',
      });
    }
    this.now = now;
    this.concurrency = new AdaptiveConcurrency(concurrency);
    this.requests = new Rate('the number of requests', requestsPerMinute, now);
    this.tokens = new Rate('the number of tokens', tokensPerMinute, now);
    this.pause = new Pause({ now, random });
    this.alarm = new Alarm({
      now,
      sleep,
      onRing: () => {
        this.startWaiting();
      },
    });
  }

  get state(): LimiterState {
    const { limit, inFlight } = this.concurrency;
    return { concurrency: limit, inFlight, waiting: this.line.length, pausedMs: this.pause.leftMs };
  }

  /**
   * Make a call as soon as the limits let it start.
   *
   * @param nTokens what the call is likely to take, answer included
   * @returns what the call gives, and throws what it throws
   * @throws TagdistillError `E_ABORTED` when the signal is aborted before the call starts, which then never does;
   *   `E_BAD_OPTION` for a number of tokens that is negative or not finite
   */
  async run<T>(
    nTokens: number,
    call: () => Promise<T>,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<T> {
    if (!(nTokens >= 0 && nTokens < Infinity)) {
      throw new TagdistillError('E_BAD_OPTION', `a call of ${nTokens} tokens`, {
        hint: 'Give the number of tokens that the call is likely to take, 0 or more.',
      });
    }
    if (signal?.aborted === true) throw aborted(signal);
    const round =
      this.line.length === 0 && this.waitMs(nTokens) === 0
        ? this.take(nTokens)
        : await this.waitInLine(nTokens, signal);
    try {
      return await call();
    } finally {
      this.concurrency.end(round);
      this.startWaiting();
    }
  }

  /** Heed what the server says of its limits; nothing left of one pauses all calls until it is reset. */
  observe(limits: LimitHeaders | null): void {
    if (limits === null) return;
    this.requests.learn(limits.limitRequests, limits.remainingRequests);
    this.tokens.learn(limits.limitTokens, limits.remainingTokens);
    if (limits.remainingRequests === 0) this.pauseUntilReset(limits.resetRequestsMs);
    if (limits.remainingTokens === 0) this.pauseUntilReset(limits.resetTokensMs);
    this.startWaiting();
  }

  /**
   * Halve the concurrency and pause all calls: for what the server asks for, else by exponential back-off.
   *
   * Call it inside the call that was refused. Calls that were in flight at a halving do not halve again, unless they are refused
   * late, when others have started since.
   */
  rateLimited(retryAfterMs: number | null): void {
    this.concurrency.halve({ nowMs: this.now(), isPaused: this.pause.leftMs > 0 });
    if (retryAfterMs !== null && retryAfterMs > 0) this.pause.atLeast(retryAfterMs);
    else this.pause.backOff();
  }

  /** Let the concurrency recover, by one for each round of successes, and back-off begin anew. */
  succeeded(): void {
    this.pause.succeeded();
    this.concurrency.raise();
    this.startWaiting();
  }

  private pauseUntilReset(resetMs: number | undefined): void {
    if (resetMs !== undefined) this.pause.atLeast(Math.min(resetMs, LONGEST_RESET_MS));
  }

  private async waitInLine(nTokens: number, signal: AbortSignal | undefined): Promise<number> {
    return new Promise<number>((start, refuse) => {
      const place = this.line.join({ nTokens, signal, start, refuse });
      if (signal !== undefined) this.aborts.add(signal, place);
      this.startWaiting();
    });
  }

  private startWaiting(): void {
    for (let head = this.line.head; head !== null; head = this.line.head) {
      const { nTokens, signal, start } = head.value;
      const waitMs = this.waitMs(nTokens);
      if (waitMs > 0) {
        // Without room the end of a call wakes the line, not the clock.
        if (waitMs < Infinity) this.alarm.ringIn(waitMs);
        return;
      }
      this.line.leave(head);
      if (signal !== undefined) this.aborts.remove(signal, head);
      start(this.take(nTokens));
    }
    this.alarm.cancel();
  }

  private waitMs(nTokens: number): number {
    if (!this.concurrency.hasRoom) return Infinity;
    return Math.max(this.pause.leftMs, this.requests.waitMs(1), this.tokens.waitMs(nTokens));
  }

  private take(nTokens: number): number {
    this.requests.take(1);
    this.tokens.take(nTokens);
    return this.concurrency.start();
  }
}

function aborted(signal: AbortSignal): TagdistillError {
  return new TagdistillError('E_ABORTED', 'stopped while a call waited for its turn', {
    cause: signal.reason,
  });
}
