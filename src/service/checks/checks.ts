import { availableParallelism } from "node:os";
import path from "node:path";

import { fail } from "../../errors";
import { recover, type Address, type Hash, type Signature } from "../../protocol";
import { Jobs } from "./jobs";
import { startThread } from "./thread";

/** Signatures that wait when threads are worth their start. */
const WORTH_THREADS = 32;
/** Milliseconds after which a thread that has begun a check counts as gone. */
const PATIENCE = 1_000;
const WORKER = path.join(__dirname, "worker");

/** Who signed; throws invalid_signature if nobody did. */
export type Signer = () => Address;

/** A check that was handed out, until who signed has been read. */
interface Pending {
  found: Address | null | undefined;
}

/**
 * Checks signatures, beforehand where another thread has the time: what is asked for and not done is done by whoever asks,
 * so that without threads everything is as it is with them.
 */
export class SignatureChecks {
  /** Those of the whole process, with a thread for every core but one. */
  static readonly shared = new SignatureChecks(availableParallelism() - 1);
  private readonly pending: (Pending | undefined)[] = [];
  private started = false;
  private alone = false;

  /** @param threads besides the one that asks; they start when there is enough to do for them */
  constructor(
    private readonly threads: number,
    private readonly jobs = new Jobs(),
  ) {}

  /**
   * Begins to check a signature.
   * @throws invalid_signature unless it is 65 bytes; invalid_hex
   */
  begin(digest: Hash, signature: Signature): Signer {
    const slot = this.alone ? undefined : this.jobs.free;
    if (slot === undefined) return () => recover(digest, signature);
    this.read(slot);
    this.jobs.post(digest, signature);
    const pending: Pending = (this.pending[slot] = { found: undefined });
    if (this.jobs.backlog >= WORTH_THREADS) this.start();
    return () => {
      if (pending.found === undefined && !this.settle(slot)) return recover(digest, signature);
      return pending.found ?? fail("invalid_signature", { got: signature });
    };
  }

  /** Works until a job is done; false if the thread that has begun it does not answer. */
  private settle(slot: number): boolean {
    while (!this.jobs.isDone(slot)) {
      if (this.jobs.work() || this.jobs.await(slot, PATIENCE)) continue;
      // What it may still write, nobody reads.
      this.alone = true;
      return false;
    }
    this.read(slot);
    return true;
  }

  /** Reads what was found in a place, before it is taken by another job. */
  private read(slot: number): void {
    const pending = this.pending[slot];
    if (pending === undefined) return;
    pending.found = this.jobs.output(slot);
    this.pending[slot] = undefined;
  }

  private start(): void {
    if (this.started) return;
    this.started = true;
    for (let i = 0; i < this.threads; i++) {
      const worker = startThread(WORKER, this.jobs.memory);
      worker.unref();
      // What it has begun is done without it.
      worker.on("error", () => undefined);
    }
  }
}
