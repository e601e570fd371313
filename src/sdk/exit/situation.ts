import { fail, StarledgerError } from "../../errors";
import {
  balance,
  emptyNote,
  emptyState,
  hashNote,
  hashState,
  minimum,
  positive,
  settle,
  settleableFrom,
  type Claims,
  type CloseOnChain,
  type State,
} from "../../protocol";
import type { DisputeHub, PendingClose } from "../chain/disputes";
import type { AssetOnChain, ChannelOnChain } from "../chain/hub";
import { findCollectable, type Collectable } from "./collectable";
import type { Evidence } from "./evidence";
import { claimableLocks } from "./locks";

/** All that decides what to do next: what the chain says, and what the user holds. */
export interface Situation {
  /** Time of the latest block, in Unix seconds. */
  readonly now: bigint;
  /** Time of the final block. */
  readonly finalTime: bigint;
  readonly evidence: Evidence;
  readonly asset: AssetOnChain;
  readonly channel: ChannelOnChain;
  /** The epoch that the user's papers are of is settled. */
  readonly isOver: boolean;
  readonly dispute: DisputeOnChain | undefined;
  /** Of the note that the user holds. */
  readonly locks: Claims;
  /** What the user would get besides what it has: at settlement if nothing changes, or by closing now. */
  readonly due: bigint;
  /** What of `due` the user's own outgoing locks may still cost it. */
  readonly outgoing: bigint;
  readonly collectable: readonly Collectable[];
}

/** A pending close and what was shown since. */
export interface DisputeOnChain extends Pick<CloseOnChain, "standing" | "shown" | "systemCheated"> {
  readonly close: PendingClose;
  readonly settleableFrom: bigint;
  /** What the notes' locks that the user holds have been proven to be worth. */
  readonly proven: bigint;
}

/**
 * Looks at the chain.
 * @throws unknown_asset, unknown_state, chain_unreachable; unknown_channel if the evidence is of an epoch that has not come
 */
export async function look(hub: DisputeHub, evidence: Evidence): Promise<Situation> {
  const { system, token, user, epoch } = evidence.channel;
  const [{ time: now }, { time: finalTime }] = [await hub.node.block("latest"), await hub.node.block("finalized")];
  const [asset, channel] = [await hub.asset(system, token), await hub.channel(evidence.channel)];
  if (channel.epoch < epoch) fail("unknown_channel", { epoch, onChain: channel.epoch });
  const isOver = channel.epoch > epoch;
  const dispute = channel.closing && !isOver ? await lookAtDispute(hub, evidence, channel) : undefined;
  const locks = await claimableLocks(hub, evidence, now, dispute?.close.judged.lockEnd);
  const collectable = await findCollectable(hub, { system, token, user }, asset, now);
  const situation = { now, finalTime, evidence, asset, channel, isOver, dispute, locks, collectable };
  return { ...situation, ...(await dueOf(hub, situation)) };
}

async function lookAtDispute(
  hub: DisputeHub,
  { completed, held }: Evidence,
  channel: ChannelOnChain,
): Promise<DisputeOnChain> {
  const close = await hub.pendingClose(channel.id);
  const { judged } = close;
  const standing = await standingIn(hub, close, channel, completed?.state ?? emptyState(channel.id));
  return {
    close,
    standing,
    shown: channel.shown,
    systemCheated: judged.bySystem && (channel.systemCheated || standing.version > judged.version),
    settleableFrom: settleableFrom(judged, channel.shown),
    proven: held === undefined ? 0n : await hub.provenLocks(hashNote(held.note)),
  };
}

/**
 * The state that stands. Whoever showed it may have done so in a way that hides it: then what the close's own record says of
 * it is enough to show a newer one, which stands from then on.
 * @throws unknown_state where the user has no newer one either
 */
async function standingIn(hub: DisputeHub, close: PendingClose, channel: ChannelOnChain, known: State): Promise<State> {
  try {
    return await hub.standingState(close, channel, known);
  } catch (error) {
    const { judged, id } = close;
    const version = channel.standingVersion ?? judged.version;
    const isHidden = error instanceof StarledgerError && error.code === "unknown_state";
    if (!isHidden || known.version <= version) throw error;
    return { ...emptyState(id), version, noteSeq: judged.noteSeq };
  }
}

async function dueOf(
  hub: DisputeHub,
  { evidence, channel, isOver, dispute, locks, now }: Omit<Situation, "due" | "outgoing" | "finalTime">,
): Promise<{ due: bigint; outgoing: bigint }> {
  if (isOver) return { due: 0n, outgoing: 0n };
  if (dispute === undefined) {
    const state = evidence.completed?.state ?? emptyState(channel.id);
    const note = evidence.held?.note ?? emptyNote(channel.id);
    const pending = state.locksExpiry > now ? state.locked : 0n;
    const incoming = note.seq >= state.noteSeq ? minimum(note.locked, locks.total) : 0n;
    return { due: positive(balance(channel.funds, state, note) + incoming), outgoing: pending };
  }
  const { close, standing, systemCheated } = dispute;
  const { value, seq } = dispute.shown ?? { value: close.judged.credited, seq: close.judged.seq };
  const { toUser } = settle({
    funded: close.judged.funded,
    state: standing,
    shown: [{ seq, credited: value, locked: 0n, registered: 0n }],
    outgoing: await hub.provenLocks(hashState(standing)),
    systemCheated,
    paid: close.judged.paid,
  });
  const pending = standing.locksExpiry > now && !systemCheated ? standing.locked : 0n;
  return { due: toUser, outgoing: pending };
}
