import type { JsonRpcProvider } from "ethers";

import {
  answered,
  settleableFrom,
  type AssetOnChain,
  type ChannelOnChain,
  type Claims,
  type CloseOnChain,
  type HubClient,
  type PendingClose,
} from "../../chain";
import { fail } from "../../errors";
import { balance, emptyNote, emptyState, hashNote, hashState, minimum, positive, settle } from "../../protocol";
import { findCollectable, type Collectable } from "./collectable";
import type { Evidence } from "../../sdk/exit/evidence";
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

export interface Chain {
  readonly provider: JsonRpcProvider;
  readonly hub: HubClient;
  /** How many blocks the node may be asked about at once. */
  readonly range: number | undefined;
}

/** Looks at the chain. */
export async function look(chain: Chain, evidence: Evidence): Promise<Situation> {
  const { provider, hub } = chain;
  const { system, token, user, epoch } = evidence.channel;
  const [now, finalTime] = [await timeOf(provider, "latest"), await timeOf(provider, "finalized")];
  const [asset, channel] = [await hub.asset(system, token), await hub.channel(evidence.channel)];
  if (channel.epoch < epoch) fail("unknown_channel", { epoch, onChain: channel.epoch });
  const isOver = channel.epoch > epoch;
  const dispute = channel.closing && !isOver ? await lookAtDispute(chain, evidence, channel) : undefined;
  const locks = await claimableLocks(hub, evidence, now, dispute?.close.judged.lockEnd);
  const collectable = await findCollectable(hub, { system, token, user }, asset, now);
  const situation = { now, finalTime, evidence, asset, channel, isOver, dispute, locks, collectable };
  return { ...situation, ...(await dueOf(hub, situation)) };
}

async function timeOf(provider: JsonRpcProvider, block: "latest" | "finalized"): Promise<bigint> {
  const found = (await answered(provider.getBlock(block))) ?? fail("chain_unreachable", { block });
  return BigInt(found.timestamp);
}

async function lookAtDispute(
  { hub, range }: Chain,
  { completed, held }: Evidence,
  channel: ChannelOnChain,
): Promise<DisputeOnChain> {
  const close = await hub.pendingClose(channel.id, range);
  const { judged } = close;
  const standing = await hub.standingState(close, channel, completed?.state ?? emptyState(channel.id), range);
  return {
    close,
    standing,
    shown: channel.shown,
    systemCheated: judged.bySystem && (channel.systemCheated || standing.version > judged.version),
    settleableFrom: settleableFrom(judged, channel.shown),
    proven: held === undefined ? 0n : await hub.provenLocks(hashNote(held.note)),
  };
}

async function dueOf(
  hub: HubClient,
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
