/** An account of the fake together with the scripts that say how it behaves. */
import { AccountState } from './account-state';
import { ROUTE_NAMES, type RouteName } from './behaviour';
import { Script } from './script';

/** A script for every route name. */
export function emptyScripts(): Readonly<Record<RouteName, Script>> {
  return Object.fromEntries(ROUTE_NAMES.map((name) => [name, new Script()])) as Record<RouteName, Script>;
}

export class FakeAccount extends AccountState {
  readonly scripts = emptyScripts();

  /** Script of `POST /codex/responses`, the one that most tests write. */
  get responses(): Script {
    return this.scripts.responses;
  }

  get models(): Script {
    return this.scripts.models;
  }

  get token(): Script {
    return this.scripts.token;
  }
}
