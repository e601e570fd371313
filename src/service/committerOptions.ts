import type { Changes, Ledger, LedgerEvent } from "../engine";
import type { LockPolicy, SystemSignature } from "../protocol";
import type { SystemSigner } from "../signer";
import type { Lease, Store } from "../store";
import type { SignatureChecks } from "./checks";
import type { CommitReport } from "./commitReport";
import type { Composer } from "./compose";
import type { QueueLimits } from "./requestQueue";
import type { Signatures } from "./signatures";

/** What commits are made of. */
export interface CommitterOptions extends QueueLimits {
  readonly store: Store;
  readonly lease: Lease;
  readonly ledger: Ledger;
  readonly signatures: Signatures;
  readonly composer: Composer;
  readonly checks: SignatureChecks;
  readonly signer: SystemSigner;
  readonly locks: LockPolicy;
  /** Unix seconds. */
  readonly now: () => bigint;
  /** Called once a commit is durable and in the ledger, after its requests are answered. */
  readonly onCommit: (
    changes: Required<Changes>,
    events: readonly LedgerEvent[],
    signed: (leaf: number) => SystemSignature,
  ) => void;
  /** Called after that. */
  readonly observe: (report: CommitReport) => void;
}

/** What was counted since the start. */
export interface ServiceCounters {
  commits: number;
  signaturesMade: number;
  signaturesVerified: number;
}
