import { toAddress, toHash, type ChannelId, type State } from "../protocol";
import type { IChannelHub } from "../../typechain-types";
import type { TypedContractEvent, TypedDeferredTopicFilter, TypedEventLog } from "../../typechain-types/common";

/** Public nodes refuse to search more blocks at once. */
const RANGE = 10_000;

interface Search {
  readonly range?: number | undefined;
  /** No event that matters is older than this block. */
  readonly oldest?: number;
}

/** The newest event of `filter`, looked for from the latest block backwards. */
export async function newestEvent<E extends TypedContractEvent>(
  hub: IChannelHub,
  filter: TypedDeferredTopicFilter<E>,
  { range = RANGE, oldest = 0 }: Search = {},
): Promise<TypedEventLog<E> | undefined> {
  let last = await hub.runner!.provider!.getBlockNumber();
  while (last >= oldest) {
    const first = Math.max(oldest, last - range + 1);
    const newest = (await hub.queryFilter(filter, first, last)).at(-1);
    if (newest !== undefined) return newest;
    last = first - 1;
  }
  return undefined;
}

/**
 * The state that a transaction gave to the hub, which publishes only its hash: undefined if the transaction reached the hub
 * through another contract.
 */
export async function stateShownBy(
  hub: IChannelHub,
  channelId: ChannelId,
  transaction: string,
): Promise<State | undefined> {
  const sent = await hub.runner!.provider!.getTransaction(transaction);
  if (sent?.to == null || toAddress(sent.to) !== toAddress(await hub.getAddress())) return undefined;
  const call = hub.interface.parseTransaction(sent);
  if (call === null || !["close", "challenge", "checkpoint"].includes(call.name)) return undefined;
  const state = call.args.getValue("state") as Record<keyof State, bigint | string>;
  const number = (name: keyof State): bigint => BigInt(state[name]);
  return {
    channelId,
    version: number("version"),
    net: number("net"),
    noteSeq: number("noteSeq"),
    noteCredited: number("noteCredited"),
    locked: number("locked"),
    locksExpiry: number("locksExpiry"),
    locksRoot: toHash(String(state.locksRoot)),
    memo: toHash(String(state.memo)),
  };
}
