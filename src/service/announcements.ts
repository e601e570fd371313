import { lockOutcomes, type Changes, type Ledger, type LedgerEvent } from "../engine";
import type { Address, SystemSignature } from "../protocol";
import type { NoteDelivery, OutcomeDelivery } from "./requests";
import { Subscriptions } from "./subscriptions";

/** Tells what a durable commit did to whoever listens. */
export class Announcements {
  readonly notes = new Subscriptions<Address, NoteDelivery>();
  readonly outcomes = new Subscriptions<Address, OutcomeDelivery>();
  readonly commits = new Subscriptions<"commit", Required<Changes>>();
  readonly events = new Subscriptions<"events", readonly LedgerEvent[]>();

  constructor(private readonly ledger: Ledger) {}

  /** @param signed the system's signature on a leaf of the commit: its states, then its notes */
  tell(changes: Required<Changes>, events: readonly LedgerEvent[], signed: (leaf: number) => SystemSignature): void {
    const { states, notes, htlcs } = changes;
    this.commits.tell("commit", () => changes);
    notes.forEach(({ note, locks, user }, i) => {
      this.notes.tell(user, () => ({ note, locks, signed: signed(states.length + i) }));
    });
    for (const channelId of new Set(htlcs.filter(({ over }) => !over).map(({ payer }) => payer))) {
      const channel = this.ledger.channel(channelId);
      const outcomes = channel === undefined ? [] : lockOutcomes(this.ledger, channel);
      if (channel && outcomes.length > 0) this.outcomes.tell(channel.key.user, () => ({ channelId, outcomes }));
    }
    if (events.length > 0) this.events.tell("events", () => events);
  }
}
