import { keepaliveBytes, responseFailedEvent } from '../../../../sidecar/gateway/protocol/synthetic-events';
import { EventType } from '../../../../sidecar/gateway/relay/event-type';

describe('events the proxy writes itself', () => {
  it('end a stream with one complete response.failed', () => {
    const bytes = responseFailedEvent({
      code: 'stream_incomplete',
      message: 'line one\nline two',
      responseId: 'resp_1',
      sequenceNumber: 7,
      param: 'input',
      nowMs: 1_790_000_000_999,
      details: { resets_at: 1 },
    });
    const [event, data, ...rest] = bytes.toString().split('\n');
    expect(event).toBe('event: response.failed');
    expect(rest).toEqual(['', '']);
    expect(JSON.parse((data ?? '').replace('data: ', ''))).toEqual({
      type: 'response.failed',
      sequence_number: 7,
      response: {
        id: 'resp_1',
        object: 'response',
        created_at: 1_790_000_000,
        status: 'failed',
        error: {
          message: 'line one\nline two',
          type: 'server_error',
          code: 'stream_incomplete',
          param: 'input',
          resets_at: 1,
        },
        incomplete_details: null,
      },
    });
  });

  it('leave out what is not known', () => {
    const text = responseFailedEvent({ code: 'c', message: 'm', nowMs: 0 }).toString();
    expect(text).not.toMatch(/"id"|sequence_number|param/);
  });

  it('keep a Codex client awake with an event and an SDK with a comment', () => {
    expect(keepaliveBytes('codex').toString()).toBe('event: codex.keepalive\ndata: {"type":"codex.keepalive"}\n\n');
    expect(keepaliveBytes('v1').toString()).toBe(': keepalive\n\n');
    expect(keepaliveBytes('v1')).toBe(keepaliveBytes('v1'));
    const type = new EventType();
    expect(type.read(keepaliveBytes('codex'), 0, keepaliveBytes('codex').length)).toBe('codex_other');
  });
});
