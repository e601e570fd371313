import { ChannelMap, reconcile, type ChainView, type Difference, type Ledger, type LedgerAccount } from "../engine";
import { hashWithdrawal, type Address, type ChannelId } from "../protocol";
import type { Store } from "../store";
import { loadLedger } from "./loadLedger";

/** Reads from the chain what a ledger says of it. */
export type ChainReader = (ledger: Ledger) => Promise<ChainView>;

/** What came of holding a system's records against each other. */
export interface Reconciliation {
  readonly system: Address;
  /** The last commit that was taken into account. */
  readonly commit: bigint;
  /** Whether the chain was read too. */
  readonly chain: boolean;
  readonly differences: readonly Difference[];
}

/** Reads the chain. What has changed in the ledger since, when it comes to comparing, cannot be compared with it. */
export async function compareLater(ledger: Ledger, readChain: ChainReader): Promise<() => ChainView> {
  const before = new ChannelMap(ledger.channels);
  const chain = await readChain(ledger);
  return () => {
    const unchanged = [...chain.channels].filter(([id]) => ledger.channels.isSame(id, before));
    return { ...chain, channels: new Map(unchanged) };
  };
}

/**
 * Holds a system's ledger against its log, its store and the chain; nobody may commit for it meanwhile.
 * @param totalsOf the log's entries of a token; what was before the last closed day is as it was added up then, unless given
 * @throws store_failed, store_corrupt
 */
export async function reconcileSystem(
  ledger: Ledger,
  system: Address,
  store: Store,
  chain: ChainView | null,
  totalsOf = (token: Address) => store.log.totals(system, token),
): Promise<Difference[]> {
  const totals = new Map<Address, ReadonlyMap<LedgerAccount, bigint>>();
  for (const { token } of ledger.assets.values()) totals.set(token, await totalsOf(token));
  const signed = new Set<ChannelId>();
  for (const { id, pending } of ledger.channels.values()) {
    if (pending !== null && (await store.signed.consent(hashWithdrawal(pending))) !== undefined) signed.add(id);
  }
  return reconcile(ledger, { totals, stored: await loadLedger(store, system), signed, chain });
}

/**
 * The same without a service: over a store that nobody is writing to, whose log is read from its first event on, and a chain.
 * @throws store_failed, store_corrupt, and what `readChain` throws
 */
export async function reconcileStore(system: Address, store: Store, readChain?: ChainReader): Promise<Reconciliation> {
  const ledger = await loadLedger(store, system);
  const chain = readChain === undefined ? null : await readChain(ledger);
  const differences = await reconcileSystem(ledger, system, store, chain, (token) =>
    store.log.recounted(system, token),
  );
  return { system, commit: await store.lastCommit(system), chain: chain !== null, differences };
}
