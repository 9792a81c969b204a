const ANSWER = JSON.stringify({
  item_tags: [
    { tag: 'whaling', score: 0.9 },
    { tag: 'obsession', score: 0.8 },
  ],
  user_tags: [{ tag: 'sailor', score: 0.7 }],
});
const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };
const error = (status: number, message: string, code?: string): object => ({
  status,
  error: { message, type: 'error', ...(code !== undefined && { code }) },
});

/** Answers of aimock that do by the model's name what the fault server does by it. */
export const AIMOCK_FIXTURES = {
  fixtures: [
    { match: { model: 'any' }, response: { content: ANSWER, usage } },
    {
      match: { model: 'cached_usage' },
      response: { content: ANSWER, usage: { ...usage, prompt_tokens_details: { cached_tokens: 64 } } },
    },
    { match: { model: 'length' }, response: { content: ANSWER.slice(0, 60), finishReason: 'length', usage } },
    { match: { model: 'length_early' }, response: { content: '{"item_t', finishReason: 'length', usage } },
    { match: { model: 'content_filter' }, response: { content: 'x', finishReason: 'content_filter', usage } },
    { match: { model: 'prose' }, response: { content: 'What a lovely book!', usage } },
    { match: { model: 'prose_once', turnIndex: 1 }, response: { content: ANSWER, usage } },
    { match: { model: 'prose_once' }, response: { content: 'What a lovely book!', usage } },
    { match: { model: 'tool_call' }, response: { toolCalls: [{ name: 'tags', arguments: '{}' }], usage } },
    { match: { model: 'rate_limit' }, response: error(429, 'Rate limit reached') },
    { match: { model: 'no_quota' }, response: error(429, 'You exceeded your quota', 'insufficient_quota') },
    { match: { model: 'bad_key' }, response: error(401, 'Incorrect API key', 'invalid_api_key') },
    { match: { model: 'no_model' }, response: error(404, 'No such model', 'model_not_found') },
    { match: { model: 'bad_request' }, response: error(400, 'max_tokens is too large') },
    { match: { model: 'server_error' }, response: error(500, 'The server had an error') },
    { match: { model: 'garbage' }, response: { content: '' }, chaos: { malformedRate: 1 } },
    { match: { model: 'drop' }, response: { content: '' }, chaos: { disconnectRate: 1 } },
    { match: { model: 'hang' }, response: { content: '' }, chaos: { latencyMs: 30_000 } },
    {
      match: { model: 'json_object_only', responseFormat: 'json_schema' },
      response: error(400, "'response_format' of type 'json_schema' is not supported"),
    },
    { match: { model: 'json_object_only' }, response: { content: ANSWER, usage } },
  ],
};
