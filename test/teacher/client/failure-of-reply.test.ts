import { describe, expect, it } from 'vitest';
import { failureOfReply } from '../../../teacher/client/failure-of-reply.js';
import type { CallFailure } from '../../../teacher/client/failure.js';
import { scrubber } from '../../../teacher/client/secrets.js';
import { KEY } from './asking.js';

const failureOf = (status: number, body: unknown): CallFailure =>
  failureOfReply(
    {
      status,
      headers: new Headers(),
      text: typeof body === 'string' ? body : JSON.stringify(body),
    },
    { url: 'http://host/v1/chat/completions', model: 'm', scrub: scrubber(KEY), now: 0 },
  );

describe('failureOfReply', () => {
  it.each([
    ['OpenAI', { error: { message: "'logprobs' is not allowed for this model" } }, 'logprobs'],
    ['vLLM', { object: 'error', message: 'guided_json is not supported' }, 'response_format'],
    ['FastAPI', { detail: [{ loc: ['body', 'response_format', 'type'], msg: 'bad' }] }, 'response_format'],
    ['DeepSeek', { error: { message: 'This response_format type is unavailable now' } }, 'response_format'],
    ['Ollama', { error: 'failed to parse grammar' }, 'response_format'],
    ['another fault', { error: { message: 'temperature must be below 2' } }, null],
  ])('reads from the body of %s what the server does not take', (_, body, rejects) => {
    expect(failureOf(400, body)).toMatchObject({ kind: 'bad_request', rejects });
  });

  it('takes a server that fails by a grammar for one that does not take the format', () => {
    expect(failureOf(500, { error: { message: 'Failed to initialize grammar' } })).toMatchObject({
      kind: 'server',
      rejects: 'response_format',
    });
  });

  it('takes a missing route for a format for that, not for a missing model', () => {
    const body = { error: { message: 'No endpoints found that support structured outputs', code: 404 } };
    expect(failureOf(404, body)).toMatchObject({ kind: 'bad_request', rejects: 'response_format' });
  });

  it.each([
    [400, { error: { message: 'x/y is not a valid model ID', code: 400 } }],
    [400, { error: { message: 'Model Not Exist' } }],
    [404, { error: { message: 'model "x" not found, try pulling it first' } }],
    [404, { object: 'error', message: 'The model `x` does not exist.' }],
  ])('knows a missing model by %d and %j', (status, body) => {
    expect(failureOf(status, body).kind).toBe('no_model');
  });

  it('does not take a rate limit whose words speak of billing for an empty account', () => {
    const message = 'You exceeded your current quota, please check your plan and billing details';
    expect(failureOf(429, { error: { message, code: 429, status: 'RESOURCE_EXHAUSTED' } }).kind).toBe(
      'rate_limit',
    );
  });

  it('tells a flagged input from a bad key', () => {
    expect(failureOf(403, { error: { message: 'Your input was flagged' } }).kind).toBe('refused');
    expect(failureOf(403, { error: { message: 'Forbidden' } }).kind).toBe('bad_key');
  });

  it.each([408, 409, 425, 500, 502, 503, 504, 520, 529])(
    'takes %d for the server’s own trouble',
    (status) => {
      expect(failureOf(status, '').kind).toBe('server');
    },
  );

  it('shows 200 characters of what was found, on one line, well formed, without secrets', () => {
    const text = `${KEY} Authorization: Bearer abcdefghijkl\n\n${'𝄞'.repeat(300)}`;
    const { message } = failureOf(500, text);
    expect(message).not.toMatch(/[\n]|abcdefghijkl/u);
    expect(message).not.toContain(KEY);
    expect(message).toContain('[key] Authorization: Bearer [key]');
    expect(message.isWellFormed()).toBe(true);
    expect(message.length).toBeLessThan(300);
  });

  it('says that nothing was found', () => {
    expect(failureOf(500, '').message).toBe('http://host/v1/chat/completions answered 500: nothing');
  });
});
