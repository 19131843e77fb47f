/**
 * Reads off an answer, while it passes, what only its account can use again, and tells the owner index. No event is parsed for
 * that: ids come from events the relay looks at anyway; ciphertext is in whole output items only, so one native search over
 * each `response.output_item.done` (told apart by its name, which costs a comparison of lengths) finds it. Text deltas, which
 * are nearly all events, are not touched.
 */
import { ciphertextMark } from '../protocol/fingerprint';
import { needle } from '../protocol/item-search';
import { ENCRYPTED_CONTENT, TURN_STATE } from '../protocol/request-ties';
import { eachStringMember } from '../protocol/string-members';
import type { Terminal } from '../relay/usage';
import type { OwnerIndex } from '../routing/owner-index';

const TURN_STATE_MEMBER = needle(`"${TURN_STATE}"`, 'turn-st');

export class LearnedValues {
  /** @param onCompleted hears of the end of a whole answer, with the tokens it read from the cache (`null` = not said) */
  constructor(
    private readonly owners: Pick<OwnerIndex, 'learn' | 'learnMark'>,
    private readonly scope: string,
    private readonly accountId: string,
    private readonly onCompleted: (cachedTokens: number | null) => void,
  ) {}

  /** The head of an answer; flat list, names in lower case. */
  head(headers: readonly string[]): void {
    for (let i = 0; i + 1 < headers.length; i += 2) {
      const value = headers[i + 1]?.trim() ?? '';
      if (headers[i] === TURN_STATE && value !== '') this.#learn('turn_state', value);
    }
  }

  responseId(id: string | null): void {
    if (id !== null) this.#learn('response', id);
  }

  /** An event that may carry response headers (codex-wire 2.4 `response.metadata`). */
  metadata(bytes: Buffer, start: number, end: number): void {
    eachStringMember(bytes, start, end, TURN_STATE_MEMBER, (value) =>
      this.#learn('turn_state', value.toString('utf8')),
    );
  }

  /** An event that carries output items. */
  items(bytes: Buffer, start: number, end: number): void {
    eachStringMember(bytes, start, end, ENCRYPTED_CONTENT, (value) => {
      this.owners.learnMark(this.scope, 'ciphertext', ciphertextMark(value), this.accountId);
    });
  }

  /** The last event of an answer that did not fail; its snapshot may be the only place of an item (codex-wire 2.4 traps). */
  completed(terminal: Terminal, bytes: Buffer, start: number, end: number): void {
    this.responseId(terminal.responseId);
    this.items(bytes, start, end);
    this.onCompleted(terminal.usage?.cached ?? null);
  }

  /** A whole answer that is no stream. */
  whole(body: Buffer): void {
    this.items(body, 0, body.length);
    this.onCompleted(null);
  }

  #learn(kind: 'turn_state' | 'response', value: string): void {
    this.owners.learn(this.scope, kind, value, this.accountId);
  }
}
