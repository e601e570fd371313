import { existsSync } from "node:fs";

import { connect } from "../chain";
import { fail } from "../errors";
import { verifyJournal, type Address, type JournalReport } from "../protocol";
import { openStore, type Leadership, type Store } from "../store";
import { chainReader } from "./chainReader";
import { journalOf } from "./journalOf";
import { reconcileStore, type Reconciliation } from "./reconciliation";

/** Where the hub is. */
export interface HubAt {
  /** A node of its chain. */
  readonly rpc: string;
  readonly hub: Address;
}

/** The database of a service that is stopped, looked at system by system. */
export class Examination {
  private constructor(
    private readonly store: Store,
    private readonly chain: Awaited<ReturnType<typeof reach>> | undefined,
  ) {}

  /**
   * Opens a database, and brings it to the newest schema as a service does.
   * @param at the chain is compared too
   * @throws unknown_store, newer_schema, store_failed, chain_unreachable
   */
  static async open(url: string, at?: HubAt): Promise<Examination> {
    const file = /^sqlite:(.+)$/.exec(url)?.[1];
    if (file !== undefined && !existsSync(file)) fail("store_failed", { reason: `there is no ${file}` });
    const chain = at && (await reach(at));
    return new Examination(await openStore(url), chain);
  }

  /** The systems that were ever led there. What is found of one that is led now may only be out of date. */
  systems(): Promise<Leadership[]> {
    return this.store.candidates.leaderships();
  }

  /**
   * Holds a system's records against each other and, if it is given, the chain (docs/RECONCILIATION.md).
   * @throws store_failed, store_corrupt, chain_unreachable, unknown_asset
   */
  reconcile(system: Address): Promise<Reconciliation> {
    return reconcileStore(system, this.store, this.chain && chainReader(this.chain, system, "all"));
  }

  /**
   * Recomputes the hash chain over a system's log.
   * @throws store_failed
   */
  async verifyJournal(system: Address): Promise<JournalReport> {
    return await verifyJournal(journalOf(this.store, system), await this.store.lastCommit(system));
  }

  /**
   * Has a system take in the chain from the hub's deployment on when it is started again: what it knows already changes nothing,
   * and a channel that had more than the chain has of it now stays frozen.
   * @returns whether it will: what a process leads is left as it is
   * @throws store_failed
   */
  async rereadChain(system: Address): Promise<boolean> {
    const lease = await this.store.leases.tryLead(system);
    if (lease === undefined) return false;
    await this.store.cursors.forget(system).finally(() => lease.release());
    return true;
  }

  /**
   * Says that the database is older than what the system has signed: when it is started again it signs nothing for a customer
   * before both have begun anew (S7). A system that the database does not know any more is one too.
   * @param now Unix seconds
   * @returns whether it is so: what a process leads is left as it is
   * @throws store_failed
   */
  async declareLoss(system: Address, now: bigint): Promise<boolean> {
    const lease = await this.store.leases.tryLead(system);
    if (lease === undefined) return false;
    await this.store.losses.declare(system, now).finally(() => lease.release());
    return true;
  }

  async close(): Promise<void> {
    this.chain?.runner.destroy();
    await this.store.close();
  }
}

async function reach({ rpc, hub }: HubAt) {
  const runner = await connect([rpc]);
  const { chainId } = await runner.getNetwork();
  return { runner, domain: { chainId, hub } };
}
