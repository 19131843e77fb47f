/** Who makes an admin request, once the guard has let it in. */
import type { Response } from 'express';

/** `admin_token`: a script; `session`: a signed-in page; `local`: this machine's page while no password is set. */
export type ActorKind = 'admin_token' | 'session' | 'local';

/** `reader` sees everything that holds no secret and changes nothing. */
export type Role = 'admin' | 'reader';

export interface Actor {
  readonly kind: ActorKind;
  readonly role: Role;
  /** Client's address as the trusted proxies tell it; `null` = unknown. */
  readonly address: string | null;
  /** Name of the session without its secret; `null` without one. */
  readonly sessionId: string | null;
}

const NOBODY: Actor = { kind: 'local', role: 'reader', address: null, sessionId: null };

export function setActor(response: Response, actor: Actor): void {
  response.locals['actor'] = actor;
}

/** The actor of this request; a reader without name where no guard stood. */
export function actorOf(response: Response): Actor {
  const actor: unknown = response.locals['actor'];
  return isActor(actor) ? actor : NOBODY;
}

function isActor(value: unknown): value is Actor {
  return typeof value === 'object' && value !== null && 'kind' in value && 'role' in value;
}
