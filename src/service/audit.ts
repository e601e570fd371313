import { assetIn, booksHold, type Ledger } from "../engine";
import type { Address } from "../protocol";
import type { Store } from "../store";
import type { Committer } from "./committer";
import { compareLater, reconcileSystem, type ChainReader, type Reconciliation } from "./reconciliation";

/** Holds a system's ledger in memory against its log, its store and its chain, between two commits. */
export class Audit {
  constructor(
    private readonly ledger: Ledger,
    private readonly system: Address,
    private readonly store: Store,
    private readonly committer: Committer,
  ) {}

  /**
   * Whether the books hold as the log has them from the first event on (property 1).
   * @throws unknown_asset
   */
  isConserved(token: Address): Promise<boolean> {
    return this.committer.exclusively(async () => {
      const totals = await this.store.log.totals(this.system, token);
      return booksHold(this.ledger, assetIn(this.ledger, this.system, token), totals);
    });
  }

  /**
   * Names every difference between memory, log, store and, where it is given, the chain. Commits wait meanwhile.
   * @throws store_failed, store_corrupt, and what `readChain` throws
   */
  async reconcile(readChain?: ChainReader): Promise<Reconciliation> {
    const { ledger, system, store } = this;
    const chain = readChain && (await compareLater(ledger, readChain));
    return await this.committer.exclusively(async () => {
      const differences = await reconcileSystem(ledger, system, store, chain?.() ?? null);
      return { system, commit: this.committer.progress.lastCommit, chain: chain !== undefined, differences };
    });
  }
}
