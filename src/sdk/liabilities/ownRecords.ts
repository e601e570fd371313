import { fail } from "../../errors";
import { balance, emptyNote, emptyState, positive, type ChannelId, type Funds, type State } from "../../protocol";
import type { WalletRecord } from "../store";

/** A state and a note of a channel, by their numbers. */
export interface Version {
  readonly version: bigint;
  readonly seq: bigint;
}

/** Seconds that the owner's clock may be ahead of the chain's. */
const SKEW = 60n;

/** What an owner's records prove of a channel: nothing in them is the system's word alone. */
export class OwnRecords {
  private readonly states = new Map<bigint, { readonly state: State; readonly time: bigint }>();
  /** The versions that were signed elsewhere, perhaps with others before them. */
  private readonly adopted = new Set<bigint>();
  /** `credited` by the seq of each note that was ever held, or folded. */
  private readonly credited = new Map<bigint, { readonly credited: bigint; readonly time: bigint }>();

  constructor(
    private readonly id: ChannelId,
    records: readonly WalletRecord[],
  ) {
    for (const record of records) if (record.channelId === id) this.add(record);
  }

  /** The newest state and note that were held some time before `time` (Unix seconds). */
  heldBefore(time: bigint): Version {
    const newest = (kept: ReadonlyMap<bigint, { readonly time: bigint }>) =>
      [...kept].reduce((most, [at, one]) => (one.time + SKEW < time && at > most ? at : most), 0n);
    return { version: newest(this.states), seq: newest(this.credited) };
  }

  /**
   * Between what a balance lies that follows from a state and a note; both are the same unless the note was never seen, since
   * newer ones came instead.
   * @throws balance_mismatch if there is no such state, or the note is newer than any that was given; balance_unknown if the
   * state may have been signed on another device
   */
  balanceRange(funds: Pick<Funds, "deposited" | "withdrawn">, { version, seq }: Version) {
    const state = version === 0n ? emptyState(this.id) : this.states.get(version)?.state;
    if (state === undefined) {
      if (this.isOfAnother(version)) fail("balance_unknown", { channel: this.id, version });
      return fail("balance_mismatch", { channel: this.id, version, known: "no such state" });
    }
    const at = (credited: bigint) =>
      positive(balance({ ...funds, reclaimed: 0n, collateral: 0n }, state, { ...emptyNote(this.id), seq, credited }));
    if (seq <= state.noteSeq) return { least: at(state.noteCredited), most: at(state.noteCredited) };
    const exact = this.credited.get(seq)?.credited;
    if (exact !== undefined) return { least: at(exact), most: at(exact) };
    const notes = [...this.credited].map(([of, { credited }]) => ({ of, credited }));
    const older = notes.filter(({ of }) => of < seq).map(({ credited }) => credited);
    const newer = notes.filter(({ of }) => of > seq).map(({ credited }) => credited);
    if (newer.length === 0) return fail("balance_mismatch", { channel: this.id, seq, known: "no such note" });
    const least = older.reduce((most, one) => (one > most ? one : most), state.noteCredited);
    return { least: at(least), most: at(newer.reduce((min, one) => (one < min ? one : min))) };
  }

  /** Whether the first known state after this version was taken over from elsewhere. */
  private isOfAnother(version: bigint): boolean {
    const later = [...this.states.keys()].filter((known) => known > version);
    return later.length > 0 && this.adopted.has(later.reduce((first, one) => (one < first ? one : first)));
  }

  private add(record: WalletRecord): void {
    // What an older program wrote has no time: it was there before.
    const { time = 0n } = record;
    if (record.type === "completed" || record.type === "adopted") {
      const { state } = record.completed;
      this.states.set(state.version, { state, time });
      if (record.type === "adopted") this.adopted.add(state.version);
      if (state.noteSeq > 0n) this.see(state.noteSeq, state.noteCredited, time);
    } else if (record.type === "received") {
      const { seq, credited } = record.held.note;
      this.see(seq, credited, time);
    }
  }

  private see(seq: bigint, credited: bigint, time: bigint): void {
    if (!this.credited.has(seq)) this.credited.set(seq, { credited, time });
  }
}
