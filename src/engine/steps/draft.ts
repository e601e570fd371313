import { fail } from "../../errors";
import { advanceNote, checkCredit, hashNote, type ChannelId, type Hash, type NoteOperation } from "../../protocol";
import { lockChanges } from "../../protocol/lockChanges";
import { entry, type Entry, type EventData, type EventType, type NewEvent } from "../events";
import type { Asset, Channel, HostedInvoice, Htlc, IssuedNote, KnownPreimage, Refundable } from "../records";
import { checkHolding } from "../terms";
import { assetIn, channelIn, systemView, type Changes, type LedgerView } from "../view";

/** A conditional transfer whose payee's lock has no place in a note yet. */
export type OpeningHtlc = Omit<Htlc, "incoming">;

/** What a step gathers before it becomes changes: one note per channel, however much happens to it. */
export class Draft {
  private readonly channels = new Map<ChannelId, Channel>();
  private readonly operations = new Map<ChannelId, NoteOperation[]>();
  private readonly opening: OpeningHtlc[] = [];
  private readonly htlcs: Htlc[] = [];
  private readonly preimages: KnownPreimage[] = [];
  private readonly invoices: HostedInvoice[] = [];
  private readonly events: NewEvent[] = [];
  // Most steps have none.
  private refundables: Map<string, Refundable> | undefined;
  private liabilities: Map<Asset, bigint> | undefined;

  constructor(readonly view: LedgerView) {}

  /** The channel as the step leaves it so far. */
  channel(id: ChannelId): Channel {
    return this.channels.get(id) ?? channelIn(this.view, id);
  }

  asset({ key }: Channel): Asset {
    return assetIn(this.view, key.system, key.token);
  }

  put(channel: Channel): void {
    this.channels.set(channel.id, channel);
  }

  /** Adds to what the channel's next note does. */
  note({ id }: Channel, operation: NoteOperation): void {
    const operations = this.operations.get(id);
    if (operations === undefined) this.operations.set(id, [operation]);
    else operations.push(operation);
  }

  open(htlc: OpeningHtlc): void {
    this.opening.push(htlc);
  }

  /** Whether this step promises the payee something under `hash` already. */
  isOpening(payee: ChannelId, hash: Hash): boolean {
    return this.opening.some((htlc) => htlc.payee === payee && htlc.outgoing.hash === hash);
  }

  decide(htlc: Htlc): void {
    this.htlcs.push(htlc);
  }

  learn(known: KnownPreimage): void {
    this.preimages.push(known);
  }

  keep(invoice: HostedInvoice): void {
    this.invoices.push(invoice);
  }

  /** The payment as the step leaves it so far. */
  refundable(payment: Hash, payee: Refundable["payee"]): Refundable | undefined {
    return this.refundables?.get(payment + payee) ?? this.view.refundable(payment, payee);
  }

  giveBack(after: Refundable): void {
    (this.refundables ??= new Map()).set(after.payment + after.payee, after);
  }

  /** Money moves; nothing of it is no event. */
  move<Type extends EventType>(type: Type, asset: Asset, sides: Entry, data: EventData[Type]): void {
    if (sides.amount !== 0n) this.events.push(entry(type, asset, sides, data));
  }

  report(event: NewEvent): void {
    this.events.push(event);
  }

  /** The system owes its customers in all `change` more. */
  owe(asset: Asset, change: bigint): void {
    if (change === 0n) return;
    const liabilities = (this.liabilities ??= new Map<Asset, bigint>());
    liabilities.set(asset, (liabilities.get(asset) ?? 0n) + change);
  }

  /**
   * What was gathered, with the notes that follow from it.
   * @param promises whether the notes may promise something new, which is checked against allotment and cover
   * @throws crediting_paused, allotment_exceeded, not_covered, limit_exceeded, invalid_amount
   */
  finish(
    promises: boolean,
  ): Required<
    Pick<Changes, "assets" | "channels" | "notes" | "htlcs" | "preimages" | "invoices" | "refundables" | "events">
  > {
    const notes = [...this.operations].map(([id, operations]) => this.issue(this.channel(id), operations, promises));
    const opened = this.opening.map((htlc): Htlc => {
      const before = channelIn(this.view, htlc.payee);
      const { added } = lockChanges(before.incoming, this.channel(htlc.payee).incoming);
      const lock = added.find(({ hash }) => hash === htlc.outgoing.hash);
      return { incoming: lock ?? fail("unknown_lock", { hash: htlc.outgoing.hash }), ...htlc };
    });
    return {
      assets: [...(this.liabilities ?? [])].map(([asset, change]) => withLiabilities(asset, change)),
      channels: [...this.channels.values()],
      notes,
      htlcs: [...this.htlcs, ...opened],
      preimages: this.preimages,
      invoices: this.invoices,
      refundables: [...(this.refundables?.values() ?? [])],
      events: this.events,
    };
  }

  private issue(channel: Channel, operations: readonly NoteOperation[], promises: boolean): IssuedNote {
    const { note, locks } = advanceNote(channel.note, channel.incoming, operations);
    const promised = note.credited - channel.note.credited + note.locked - channel.note.locked;
    const { settings, allotment, paused, token } = this.asset(channel);
    if (promises && promised > 0n) {
      if (paused !== null) fail("crediting_paused", { token, cause: paused });
      checkCredit(systemView(this.view, channel), promised, settings, allotment);
      checkHolding(this.view, channel, promised);
    }
    this.put({ ...channel, note, incoming: locks });
    return { note, operations, locks, hash: hashNote(note), user: channel.key.user };
  }
}

/**
 * What the system owes in all, `change` more than before; more only as far as the backing goes (case 31).
 * @throws not_covered
 */
function withLiabilities(asset: Asset, change: bigint): Asset {
  const liabilities = asset.liabilities + change;
  if (change > 0n && asset.settings.backing !== "collateral" && liabilities > asset.limit) {
    fail("not_covered", { liabilities, limit: asset.limit });
  }
  return { ...asset, liabilities };
}
