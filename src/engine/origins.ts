import type { ChannelId, ChannelKey } from "../protocol";
import { isCustomer } from "./conservation";
import type { LedgerAccount, NewEvent } from "./events";
import type { Changes } from "./view";

/** Events that follow each other: so many, from the one at this place of their commit on. */
export interface EventRange {
  readonly first: number;
  readonly count: number;
}

/**
 * What the states and notes of a commit came with: the events of the same step. An account finds by them whatever happened to it in
 * a step that gave it one, so that no index by account needs to have that.
 */
export class Origins {
  /** Of each state, and of each note, in their order. */
  readonly states: EventRange[] = [];
  readonly notes: EventRange[] = [];
  /** Of each event, whether all customers whom it concerns find it so. */
  readonly isFound: boolean[] = [];

  /** @param keyOf of the channels of the step's states and notes */
  add({ states = [], notes = [], events = [] }: Changes, keyOf: (id: ChannelId) => ChannelKey): void {
    const range = { first: this.isFound.length, count: events.length };
    const keys: ChannelKey[] = [];
    for (const { state } of states) {
      this.states.push(range);
      keys.push(keyOf(state.channelId));
    }
    for (const { note } of notes) {
      this.notes.push(range);
      keys.push(keyOf(note.channelId));
    }
    for (const event of events) this.isFound.push(isFoundIn(keys, event));
  }
}

/** Whether all customers whom an event concerns have one of these channels, in its token. */
function isFoundIn(keys: readonly ChannelKey[], { account, counterparty, party, token }: NewEvent): boolean {
  const finds = (side: LedgerAccount | null) =>
    side === null || !isCustomer(side) || keys.some((key) => key.user === side && key.token === token);
  return finds(account) && finds(counterparty) && finds(party);
}
