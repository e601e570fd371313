import { Batch, requireConserved, type Changes, type LedgerEvent, type LedgerView } from "../engine";
import type { Address } from "../protocol";
import { channelRows, type Write } from "../store";
import type { CommitReport } from "./commitReport";
import type { CommitterOptions } from "./committerOptions";
import { Group } from "./group";
import type { Lookups } from "./lookups";
import type { Waiting } from "./requestQueue";
import { commitAfter, Sealed, type LogEnd } from "./sealing";

/** What a commit is carried out on: the ledger, or the commit before it while that is not durable yet. */
export interface Base {
  readonly view: LedgerView;
  readonly end: LogEnd;
}

/** A commit that is carried out and signed, and that nobody has heard of. */
export interface Prepared {
  readonly batch: Batch;
  readonly group: Group;
  readonly changes: Required<Changes>;
  readonly sealed: Sealed;
  /** Stores it; null where nothing is to be stored. */
  readonly write: Write | null;
  readonly events: readonly LedgerEvent[];
  /** Of the log, with this commit. */
  readonly end: LogEnd;
  readonly times: Omit<CommitReport["times"], "store">;
}

/** Carries requests out in one batch, and signs all that it leads to with one signature. */
export class Preparation {
  /** What is being carried out or signed. */
  private batch: Batch | null = null;

  constructor(
    private readonly options: CommitterOptions,
    private readonly system: Address,
    private readonly lookups: Lookups,
  ) {}

  /**
   * @param base asked when the store has been
   * @throws store_failed, invalid_hex, signer_unavailable, signer_refused, journal_unbalanced
   */
  async of(taken: readonly Waiting[], base: () => Base): Promise<Prepared> {
    const began = performance.now();
    const [known, spending] = [await this.lookups.replies(taken), await this.lookups.spending(taken)];
    const refundables = await this.lookups.refundables(taken.map(({ request }) => request));
    const lookup = performance.now();
    const { view, end } = base();
    const batch = (this.batch = new Batch(view, refundables));
    const { system } = this;
    const { composer, now, locks, signer } = this.options;
    const [number, firstEvent] = [end.commit + 1n, end.event + 1n];
    const context = { now: now(), locks };
    const group = new Group({ system, batch, composer, context, commit: number, firstEvent, known, spending });
    for (const waiting of taken) group.add(waiting);
    const { replies } = group;
    const changes = batch.changes();
    const steps = performance.now();
    const times = { began, lookup, steps, sign: steps };
    // What changed nothing is remembered under its key too.
    if (batch.isEmpty && replies.length === 0) {
      return { batch, group, changes, sealed: Sealed.nothing, write: null, events: [], end, times };
    }
    requireConserved(view, changes);
    const sealed = await Sealed.of(batch, signer);
    const rest = {
      origins: batch.origins,
      channelRows: channelRows((id) => view.channel(id), changes.channels),
      replies,
      spent: spending.changes(),
      time: Math.max(Date.now(), end.time),
    };
    const { commit, ...next } = commitAfter(end, system, changes, sealed, rest);
    const sign = performance.now();
    const write = this.options.store.prepare(commit);
    return { batch, group, changes, sealed, ...next, write, times: { ...times, sign } };
  }

  /** What was not durable when this one was begun is in the ledger now. */
  restOn(view: LedgerView): void {
    this.batch?.restOn(view);
  }
}
