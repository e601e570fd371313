import { fail } from "../../../errors";
import type { ChannelId } from "../../../protocol";
import type { AccountService } from "../../accountService";
import type { NoteDelivery, OutcomeDelivery } from "../../requests";
import type { Outbox } from "./outbox";

/**
 * Tells a wallet the latest note of its channel and how its locks have ended: at once, and whenever they change. Notes are
 * cumulative: a client that reads slowly skips some, and misses nothing.
 */
export class NoteSubscription {
  private readonly stops: (() => void)[] = [];
  private note: NoteDelivery | undefined;
  private outcomes: OutcomeDelivery | undefined;
  private told = 0n;
  private telling = true;

  /** @throws unknown_channel */
  constructor(
    private readonly id: string,
    private readonly service: AccountService,
    private readonly channelId: ChannelId,
    private readonly outbox: Outbox,
  ) {
    const { user } = (service.channel(channelId) ?? fail("unknown_channel", { channel: channelId })).key;
    this.stops.push(
      service.announcements.notes.add(user, (delivery) => this.offerNote(delivery)),
      service.announcements.outcomes.add(user, (delivery) => this.offerOutcomes(delivery)),
    );
  }

  /** Finds out what is so now; whatever comes after is known by itself. */
  async open(): Promise<object> {
    const held = await this.service.latestNote(this.channelId);
    if (held !== undefined) this.offerNote(held);
    const outcomes = this.service.lockOutcomes(this.channelId);
    if (outcomes.length > 0) this.offerOutcomes({ channelId: this.channelId, outcomes });
    return {};
  }

  async start(): Promise<void> {
    this.telling = false;
    await this.tell();
  }

  stop(): void {
    for (const stop of this.stops.splice(0)) stop();
    this.note = undefined;
    this.outcomes = undefined;
  }

  private offerNote(delivery: NoteDelivery): void {
    const { channelId, seq } = delivery.note;
    if (channelId !== this.channelId || seq <= (this.note?.note.seq ?? this.told)) return;
    this.note = delivery;
    void this.tell();
  }

  private offerOutcomes(delivery: OutcomeDelivery): void {
    if (delivery.channelId !== this.channelId) return;
    this.outcomes = delivery;
    void this.tell();
  }

  private async tell(): Promise<void> {
    if (this.telling) return;
    this.telling = true;
    while (this.note !== undefined || this.outcomes !== undefined) {
      await this.outbox.room();
      const { id: subscription, note, outcomes } = this;
      this.note = undefined;
      this.outcomes = undefined;
      if (note !== undefined) {
        this.told = note.note.seq;
        this.outbox.send({ type: "note", subscription, note });
      }
      if (outcomes !== undefined) this.outbox.send({ type: "outcomes", subscription, ...outcomes });
    }
    this.telling = false;
  }
}
