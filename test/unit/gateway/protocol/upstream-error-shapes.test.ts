import { readErrorFacts } from '../../../../sidecar/gateway/protocol/upstream-error';

const error = {
  type: 'usage_limit_reached',
  message: 'The usage limit has been reached',
  plan_type: 'plus',
  resets_at: 1_790_000_000,
  resets_in_seconds: '1800',
};
const limit = {
  code: 'usage_limit_reached',
  message: 'The usage limit has been reached',
  type: 'usage_limit_reached',
  param: null,
  planType: 'plus',
  resetsAtMs: 1_790_000_000_000,
  resetsInMs: 1_800_000,
};

describe('the shapes of an upstream error', () => {
  it.each([
    [{ error }, null],
    [{ type: 'error', status: 429, error, headers: {} }, 429],
    [{ type: 'error', status_code: 429, error }, 429],
    [{ type: 'error', status: 429, body: { error } }, 429],
    [{ type: 'response.failed', response: { id: 'resp_1', error } }, null],
  ])('hold the same facts: %j', (value, status) => {
    expect(readErrorFacts(value)).toEqual({ ...limit, status });
  });

  it('may be flat, and then `type` names the event and not the error', () => {
    const flat = {
      type: 'error',
      status_code: 400,
      code: 'Previous_Response_Not_Found',
      message: 'gone',
      param: 'previous_response_id',
    };
    expect(readErrorFacts(flat)).toMatchObject({
      code: 'previous_response_not_found',
      type: null,
      message: 'gone',
      param: 'previous_response_id',
      status: 400,
    });
  });

  it.each([
    [{ detail: 'Store must be set to false' }, { message: 'Store must be set to false', code: null }],
    [{ detail: { code: 'deactivated_workspace' } }, { code: 'deactivated_workspace', message: null }],
    [{ detail: [{ loc: ['body'], msg: 'field required' }] }, { message: '[{"loc":["body"],"msg":"field required"}]' }],
    [{ message: 'plain' }, { message: 'plain' }],
    [
      { error: 'invalid_grant', error_description: 'Token expired' },
      { code: 'invalid_grant', message: 'Token expired' },
    ],
    [{ error: 'Something broke.' }, { code: null, message: 'Something broke.' }],
  ])('may be a sentence or a code: %j', (value, facts) => {
    expect(readErrorFacts(value)).toMatchObject(facts);
  });

  it('takes large reset times as milliseconds and ignores what is no number', () => {
    expect(readErrorFacts({ error: { resets_at: 1_790_000_000_123 } })?.resetsAtMs).toBe(1_790_000_000_123);
    expect(readErrorFacts({ error: { resets_at: 'soon', resets_in_seconds: {} } })).toMatchObject({
      resetsAtMs: null,
      resetsInMs: null,
    });
  });

  it.each([null, 5, 'text', [], {}, { error: null }, { type: 'response.failed', response: { error: null } }])(
    'is not %j',
    (value) => {
      expect(readErrorFacts(value)).toBeNull();
    },
  );
});
