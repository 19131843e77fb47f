/** Variables that the original read and this version does not: an operator's old file gets a reason, not a guess. */

const UNUSED: readonly { readonly pattern: RegExp; readonly reason: string }[] = [
  { pattern: /^TIGHTROPE_(?:SYNC|CLUSTER|CONSENSUS|MDNS)_/, reason: 'belongs to cluster mode, which is not there yet' },
  { pattern: /^TIGHTROPE_TOKEN_REFRESH_STOP_POLL_MS$/, reason: 'is not needed any more' },
  {
    pattern: /^TIGHTROPE_DB_(?:PASSPHRASE|PROMPT_DEBUG)$/,
    reason: 'is not needed any more: tokens are sealed by a key',
  },
  { pattern: /^TIGHTROPE_TRUST(?:_PROXY_HEADERS|ED_PROXY_CIDRS)$/, reason: 'is called TIGHTROPE_TRUSTED_PROXIES' },
  {
    pattern:
      /^TIGHTROPE_(?:RUNTIME_URL|SKIP_NATIVE_SHUTDOWN|OPEN_DEVTOOLS|BUILD_TYPE|REGISTER_PROTOCOL_IN_DEV|ENFORCE_SINGLE_INSTANCE|NATIVE_BUILD_MODE|DISABLE_NATIVE)$/,
    reason: 'belonged to the earlier desktop shell',
  },
];

/** Why a variable of the original has no effect; `null` for any other name. */
export function unusedReason(name: string): string | null {
  return UNUSED.find(({ pattern }) => pattern.test(name))?.reason ?? null;
}
