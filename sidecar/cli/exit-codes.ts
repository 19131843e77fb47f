/** What the process says to scripts when it leaves. The help text is made from this table. */
export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  /** `EX_CONFIG` of sysexits.h. */
  badConfiguration: 78,
} as const;

/** Each code in words. */
export const EXIT_MEANINGS: readonly (readonly [code: string, meaning: string])[] = [
  [String(EXIT.ok), 'done; for serve: stopped after running turns had finished'],
  [String(EXIT.failure), 'failed; the reason is on stderr'],
  [String(EXIT.usage), 'unknown command or option, or a missing argument'],
  [String(EXIT.badConfiguration), 'the configuration is invalid; nothing was started'],
  ['128+N', 'stopped at once by a second signal N (130 SIGINT, 143 SIGTERM)'],
];
