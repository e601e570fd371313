import { findState, type Hex, type KnownOfState, type State } from "../protocol";
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

/** The state that stands in the input of a transaction, whichever contract that was sent to. */
export async function stateIn(hub: IChannelHub, transaction: string, known: KnownOfState): Promise<State | undefined> {
  const sent = await hub.runner!.provider!.getTransaction(transaction);
  return sent === null ? undefined : findState(sent.data as Hex, known);
}
