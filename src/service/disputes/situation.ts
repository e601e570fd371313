import type { HubClient } from "../../chain";
import type { Channel } from "../../engine";
import {
  answersTo,
  claimsOf,
  emptyState,
  hashState,
  settleableFrom,
  type Answer,
  type ChannelId,
  type Claims,
  type Dispute,
  type DisputeRecord,
  type Hash,
  type State,
} from "../../protocol";
import type { AccountService } from "../accountService";

/** A close of one of the service's channels that the chain shows. */
export interface SeenClose {
  readonly id: ChannelId;
  readonly record: DisputeRecord;
  readonly judged: Dispute;
  /** The block, and the transaction that closed. */
  readonly block: number;
  readonly transaction: string;
}

/** What the chain says of a close, and what the system has to show on it. */
export interface Situation {
  readonly close: SeenClose;
  readonly channel: Channel;
  /** The state that stands. */
  readonly standing: State;
  /** The system is convicted of a cheat. */
  readonly systemCheated: boolean;
  /** What is still to be shown, in this order. */
  readonly answers: readonly Answer[];
  readonly claims: Claims;
  /** Unix seconds from which on it can be settled. */
  readonly settleableFrom: bigint;
}

/**
 * Looks at a pending close as of the latest block.
 * @param now that block's time, in Unix seconds
 * @returns undefined when nothing is pending: it is settled, or a reorganisation has undone it
 * @throws chain_unreachable, unknown_state, store_failed
 */
export async function lookAt(
  service: AccountService,
  hub: HubClient,
  close: SeenClose,
  now: bigint,
): Promise<Situation | undefined> {
  const channel = service.channel(close.id);
  if (channel === undefined || channel.status === "settled") return undefined;
  const onChain = await hub.channel(channel.key);
  if (!onChain.closing || onChain.epoch !== channel.key.epoch) return undefined;
  const { judged } = close;
  const { standingVersion, shown, systemCheated } = onChain;
  const known = await stateOf(service, close.id, standingVersion ?? judged.version);
  // A state that others showed, or that a loss of data took, is on the chain.
  const isKnown =
    standingVersion === undefined ? hashState(known) === judged.stateHash : known.version === standingVersion;
  const standing = isKnown ? known : await hub.standingState(close, onChain, known);
  const completed = await service.signatures.completeState(close.id, channel.state.version);
  const registry = await hub.registry();
  const claims = claimsOf({
    tree: channel.state,
    locks: channel.outgoing,
    preimages: paidFor(service, close.id),
    registeredAt: await Promise.all(channel.outgoing.map(({ hash }) => registry.registeredAt(hash, "latest"))),
    now,
    cap: judged.lockEnd,
  });
  const proven = await hub.provenLocks(hashState(channel.state));
  const defence = { side: "system", completed, held: undefined, claims, proven, mayTie: false } as const;
  const answers = answersTo({ judged, standing, shown, systemCheated }, defence, now);
  return {
    ...{ close, channel, standing, answers, claims },
    systemCheated: systemCheated || (judged.bySystem && standing.version > judged.version),
    settleableFrom: settleableFrom(judged, shown),
  };
}

/** The preimages of what the system has paid on: of nothing else it takes a lock (property 6). */
function paidFor(service: AccountService, payer: ChannelId): Hash[] {
  const paid = [...service.openHtlcs()].filter((htlc) => htlc.payer === payer && htlc.status === "settled");
  return paid.flatMap(({ outgoing }) => service.preimage(outgoing.hash) ?? []);
}

async function stateOf(service: AccountService, id: ChannelId, version: bigint): Promise<State> {
  const complete = version === 0n ? undefined : await service.signatures.completeState(id, version);
  return complete?.state ?? emptyState(id);
}
