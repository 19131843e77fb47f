/** Whether a bearer is the access token of one of the pool's accounts: by comparing hashes, never by its claims (design §11). */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { RosterEntry } from './roster';

export class PresentedTokens {
  #hashes = new Map<string, Buffer>();
  #madeFrom: readonly RosterEntry[] | null = null;

  /** @param entries the roster's own list, which is another object after every change */
  isHeld(presented: string, entries: readonly RosterEntry[]): boolean {
    if (entries !== this.#madeFrom) this.#learn(entries);
    const hash = hashOf(presented);
    const known = this.#hashes.get(hash.toString('hex'));
    return known !== undefined && timingSafeEqual(known, hash);
  }

  #learn(entries: readonly RosterEntry[]): void {
    this.#madeFrom = entries;
    this.#hashes = new Map();
    for (const { tokens } of entries) {
      if (tokens === null || tokens.accessToken === '') continue;
      const hash = hashOf(tokens.accessToken);
      this.#hashes.set(hash.toString('hex'), hash);
    }
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
