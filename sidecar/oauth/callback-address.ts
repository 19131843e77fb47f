/** Where the browser comes back to: the configured redirect address, on this machine or elsewhere. */

/** The addresses of this machine that a callback can be awaited on. */
export interface CallbackAddress {
  /** Loopback addresses to bind, all of them on one port. */
  readonly hosts: readonly string[];
  /** Ports to try, in this order; 0 = any free one. */
  readonly ports: readonly number[];
  readonly path: string;
  /** The redirect address when the listener has this port. */
  redirectUri(port: number): string;
}

/** The provider knows both for this client; 1457 is for machines on which `codex login` holds the first (design §11 "OAuth"). */
const USUAL_PORT = 1455;
const SECOND_PORT = 1457;

/** A browser may resolve `localhost` to either family, so both are ours or neither is. */
const LOOPBACK_HOSTS: Readonly<Record<string, readonly string[]>> = {
  localhost: ['127.0.0.1', '::1'],
  '127.0.0.1': ['127.0.0.1'],
  '[::1]': ['::1'],
};

/** `null` when the redirect address is not on this machine: then whoever serves it brings the callback to the main port. */
export function callbackAddress(redirectUri: string): CallbackAddress | null {
  const address = new URL(redirectUri);
  const hosts = LOOPBACK_HOSTS[address.hostname];
  if (address.protocol !== 'http:' || hosts === undefined) return null;
  const port = address.port === '' ? 80 : Number(address.port);
  return {
    hosts,
    ports: port === USUAL_PORT ? [USUAL_PORT, SECOND_PORT] : [port],
    path: address.pathname,
    redirectUri(bound) {
      // The configured text as it is wherever it can be: the provider compares it letter by letter.
      if (bound === port) return redirectUri;
      const moved = new URL(redirectUri);
      moved.port = String(bound);
      return moved.href;
    },
  };
}
