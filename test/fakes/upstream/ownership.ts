/** Which account was given which opaque value, and what happens when another account presents it (codex-wire 2.11.10). */
import type { AccountState } from './account-state';
import { asText, visitObjects } from './json-value';
import type { RecordedRequest } from './recorder';

export type OwnedKind = 'encrypted_content' | 'file_id' | 'turn_state' | 'response_id' | 'installation_id';

export interface Violation {
  readonly kind: OwnedKind;
  readonly value: string;
  readonly owner: string;
  readonly presentedBy: string;
  readonly request: RecordedRequest;
}

interface Presented {
  readonly kind: OwnedKind;
  readonly value: string;
}

const FIELDS: Readonly<Record<string, OwnedKind>> = {
  encrypted_content: 'encrypted_content',
  file_id: 'file_id',
  previous_response_id: 'response_id',
  parent_response_id: 'response_id',
  'x-codex-turn-state': 'turn_state',
  'x-codex-installation-id': 'installation_id',
};

/** Every owned value that a request carries, in its headers and at any depth of its body. */
function presentedBy(request: RecordedRequest): Presented[] {
  const presented: Presented[] = [];
  const turnState = asText(request.headers['x-codex-turn-state']);
  if (turnState !== undefined) presented.push({ kind: 'turn_state', value: turnState });
  visitObjects(request.json, (object) => {
    for (const [field, kind] of Object.entries(FIELDS)) {
      const value = asText(object[field]);
      if (value !== undefined && value !== '') presented.push({ kind, value });
    }
  });
  return presented;
}

export class OwnershipLedger {
  private readonly owners = new Map<string, AccountState>();

  /** An installation id has no issuer: the first account that shows one owns it, when `bindInstallations` is set. */
  constructor(private readonly bindInstallations: boolean) {}

  /** Enters a value that this account was given. */
  issue(kind: OwnedKind, value: string, account: AccountState): void {
    this.owners.set(`${kind} ${value}`, account);
  }

  ownerOf(kind: OwnedKind, value: string): AccountState | undefined {
    return this.owners.get(`${kind} ${value}`);
  }

  /** Enters every owned value inside something that is handed out (an event, a JSON answer). */
  issueAll(value: unknown, account: AccountState): void {
    visitObjects(value, (object) => {
      const ciphertext = asText(object['encrypted_content']);
      if (ciphertext !== undefined) this.issue('encrypted_content', ciphertext, account);
      const turnState = asText(object['x-codex-turn-state']);
      if (turnState !== undefined) this.issue('turn_state', turnState, account);
      const id = asText(object['id']);
      if (id?.startsWith('resp_') === true) this.issue('response_id', id, account);
    });
  }

  /** Values in this request that belong to somebody else. */
  violations(request: RecordedRequest, account: AccountState): Violation[] {
    const found: Violation[] = [];
    for (const { kind, value } of presentedBy(request)) {
      const owner = this.ownerOf(kind, value);
      if (owner === undefined && kind === 'installation_id' && this.bindInstallations) this.issue(kind, value, account);
      if (owner !== undefined && owner !== account) {
        found.push({ kind, value, owner: owner.name, presentedBy: account.name, request });
      }
    }
    return found;
  }
}
