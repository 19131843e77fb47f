import { prepareResponsesBody, RESPONSES_RULES } from '../../../../sidecar/gateway/protocol/responses-rules';

/** What is done where: a change here is a change of what clients may rely on. */
const TABLE = `
rule                        codex  v1
byte_order_mark             x      x
equal_keys                  x      x
null_fields                 x      x
previous_response_id_blank  x      x
store_false                 x      x
stream_true                 x      x
service_tier_fast           x      x
option_aliases              -      x
unsupported_parameters      x      x
unsupported_in_frames       x      x
stream_options              -      x
model_name                  x      x
reasoning_effort            -      x
text_input                  x      x
item_namespace              x      x
chat_items                  -      x
web_search_preview          -      x
`;

describe('the rule table', () => {
  it('is this, in this order', () => {
    const rows = RESPONSES_RULES.map(({ name, flavours }) =>
      [name.padEnd(27), flavours.includes('codex') ? 'x     ' : '-     ', flavours.includes('v1') ? 'x' : '-'].join(
        ' ',
      ),
    );
    expect(`\nrule                        codex  v1\n${rows.join('\n')}\n`).toBe(TABLE);
  });

  it('never fires on a body that needs nothing', () => {
    const body = Buffer.from('{"model":"m","input":[],"stream":true,"store":false}');
    for (const flavour of ['codex', 'v1'] as const) {
      const prepared = prepareResponsesBody(body, flavour);
      expect(prepared.body).toBe(body);
      expect(prepared.rules).toEqual([]);
    }
  });

  it.each(['codex', 'v1'] as const)(
    'never invents instructions, tools, include or parallel_tool_calls on %s',
    (flavour) => {
      const { body } = prepareResponsesBody(Buffer.from('{"model":"m","input":"hi"}'), flavour);
      expect(Object.keys(JSON.parse(body.toString()) as object).sort()).toEqual(['input', 'model', 'store', 'stream']);
    },
  );
});
