import type { Address, Domain, Hash, LockPolicy } from "../protocol";
import type { Key } from "../signer";
import type { LeaseOptions, Store } from "../store";
import type { SignatureChecks } from "./checks";
import type { CommitReport } from "./commitReport";
import type { Keystore } from "./keystore";

/** What an account service is made of. */
export interface ServiceOptions {
  readonly store: Store;
  readonly lease?: LeaseOptions;
  readonly domain: Domain;
  /** The system account. */
  readonly system: Address;
  /** That of one of the system's signers on the hub. */
  readonly signer: Key;
  readonly keystore: Keystore;
  /** Whether the hub has another signer of the system's, of before, still; none unless given. */
  readonly isSigner?: (signer: Address) => Promise<boolean>;
  /** Unix seconds. */
  readonly now?: () => bigint;
  /** Makes preimages that nobody can guess; from the platform's randomness unless given. */
  readonly randomHash?: () => Hash;
  /** What it takes on in conditional transfers; {@link DEFAULT_LOCK_POLICY} unless given. */
  readonly locks?: LockPolicy;
  /** Checks what users have signed; all services of a process by the same threads unless given. */
  readonly checks?: SignatureChecks;
  /** Requests per commit at most. */
  readonly batchSize?: number;
  /** Requests waiting at most; more are refused as `overloaded`. */
  readonly queueLimit?: number;
  /** Called after each durable commit. */
  readonly observe?: (report: CommitReport) => void;
}

/** A system account, where it is kept, and whose signatures are the system's. */
export interface Identity {
  readonly system: Address;
  readonly domain: Domain;
  readonly signer: Address;
}
