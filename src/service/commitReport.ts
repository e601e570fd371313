import type { Address } from "../protocol";
import type { Request } from "./requests";

/** What a durable commit was, and how long its parts took, for whoever watches. */
export interface CommitReport {
  readonly system: Address;
  readonly commit: bigint;
  /** The requests that it carried out. */
  readonly requests: readonly Request["type"][];
  /** The states and notes that its one signature covers. */
  readonly leaves: number;
  /** When each part ended, as of `performance.now()`: idempotency keys looked up, steps taken, signed, on disk. */
  readonly times: Readonly<Record<"began" | "lookup" | "steps" | "sign" | "store", number>>;
}

/** How far one system has come. */
export interface ServiceStatus {
  readonly lastCommit: bigint;
  /** Requests that wait for the next commit. */
  readonly waiting: number;
  /** Requests waiting at most. */
  readonly queueLimit: number;
  readonly accounts: number;
  /** Whether this process leads the system, and since which term. */
  readonly leads: boolean;
  readonly term: bigint;
}
