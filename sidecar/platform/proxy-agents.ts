/**
 * Agents of the control plane's HTTP calls: they go through the configured proxy. `proxyEnv` is Node's own support
 * (22.21 and later, nodejs.org/api/http.html "Built-in Proxy Support"); the environment itself is not read here.
 */
import { Agent as HttpAgent, type AgentOptions as HttpAgentOptions } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions as HttpsAgentOptions } from 'node:https';

/** `config.upstream`'s proxy settings; `null` = not set. */
export interface ProxySettings {
  readonly httpsProxy: string | null;
  readonly httpProxy: string | null;
  /** Comma-separated hosts that are reached directly. */
  readonly noProxy: string | null;
}

/** One agent per scheme. */
export interface ProxyAgents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

interface WithProxy {
  readonly proxyEnv?: Readonly<Record<string, string>>;
}

/** Builds the pair; sockets are not kept alive, so there is nothing to close. */
export function createProxyAgents({ httpsProxy, httpProxy, noProxy }: ProxySettings): ProxyAgents {
  const proxyEnv = {
    ...(httpsProxy === null ? {} : { HTTPS_PROXY: httpsProxy }),
    ...(httpProxy === null ? {} : { HTTP_PROXY: httpProxy }),
    ...(noProxy === null ? {} : { NO_PROXY: noProxy }),
  };
  const options: HttpAgentOptions & HttpsAgentOptions & WithProxy = { proxyEnv };
  return { http: new HttpAgent(options), https: new HttpsAgent(options) };
}
