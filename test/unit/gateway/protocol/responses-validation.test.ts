import type { TightropeError } from '../../../../sidecar/platform/errors';
import { prepareResponsesBody } from '../../../../sidecar/gateway/protocol/responses-rules';
import { refusalOf } from '../refusal-of';

function refusal(fields: object): TightropeError {
  return refusalOf(() => prepareResponsesBody(Buffer.from(JSON.stringify(fields)), 'codex'));
}

const valid = { model: 'm', input: [] };

describe('validation of a responses body', () => {
  it.each([
    [{ input: [] }, 'model', '`model` is required.'],
    [{ model: null, input: [] }, 'model', '`model` must be a string, got null.'],
    [{ model: 5, input: [] }, 'model', '`model` must be a string, got a number.'],
    [{ model: ' ', input: [] }, 'model', '`model` must not be an empty string.'],
    [{ model: 'm' }, 'input', '`input` is required.'],
    [{ model: 'm', input: null }, 'input', '`input` must be a string or an array, got null.'],
    [{ model: 'm', input: { a: 1 } }, 'input', '`input` must be a string or an array, got an object.'],
    [{ ...valid, stream: 'yes' }, 'stream', '`stream` must be a boolean, got a string.'],
    [{ ...valid, store: 1 }, 'store', '`store` must be a boolean, got a number.'],
    [{ ...valid, tools: {} }, 'tools', '`tools` must be an array, got an object.'],
    [{ ...valid, include: 'x' }, 'include', '`include` must be an array of strings, got a string.'],
    [{ ...valid, include: ['a', 5] }, 'include', '`include` must be an array of strings; entry 1 is none.'],
    [
      { ...valid, parallel_tool_calls: 'no' },
      'parallel_tool_calls',
      '`parallel_tool_calls` must be a boolean, got a string.',
    ],
    [
      { ...valid, previous_response_id: 7 },
      'previous_response_id',
      '`previous_response_id` must be a string, got a number.',
    ],
    [
      { ...valid, previous_response_id: 'resp_1', conversation: 'conv_1' },
      'previous_response_id',
      '`previous_response_id` and `conversation` exclude each other.',
    ],
  ])('refuses %j', (fields, param, message) => {
    expect(refusal(fields)).toMatchObject({ code: 'invalid_request_error', status: 400, param, message });
  });

  it.each([
    { ...valid, stream: null, store: null, tools: null, include: null, parallel_tool_calls: null },
    { ...valid, previous_response_id: null, conversation: 'conv_1' },
    { ...valid, previous_response_id: 'resp_1', conversation: null },
    { ...valid, previous_response_id: ' ', conversation: { id: 'conv_1' } },
    { ...valid, include: [], tools: [], stream: false, store: true, parallel_tool_calls: false },
  ])('takes null as left out: %j', (fields) => {
    expect(() => prepareResponsesBody(Buffer.from(JSON.stringify(fields)), 'v1')).not.toThrow();
  });

  it('says where the JSON is broken', () => {
    expect(() => prepareResponsesBody(Buffer.from('{"model":"m","input":[}'), 'v1')).toThrow(
      'unexpected character at byte 22',
    );
  });
});
