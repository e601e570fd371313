import type { Address, AssetSettings, ChannelKey, Domain, Hash, Signature, SystemVerifier } from "../../protocol";
import type { Registrar, ServiceApi } from "../api";
import type { SignedMessage } from "../signing";
import type { Completed, HeldNote, WalletStore } from "../store";

/** Whose signatures count as the system's: a set, or a question to the chain. */
export interface SystemSigners {
  /** Whether this is one of the system's signers, final on chain and not about to be retired (sections 1 and 2). */
  has(signer: Address): boolean | Promise<boolean>;
}

/** What a wallet needs to know; all of it from the chain or the user, nothing from the service. */
export interface WalletOptions {
  /** Signs a digest, that of `message`, with the user's key; may ask a device or another program. */
  readonly sign: (digest: Hash, message: SignedMessage) => Signature | Promise<Signature>;
  readonly channel: ChannelKey;
  readonly asset: AssetSettings;
  readonly domain: Domain;
  /** The system's signers on the hub, final. */
  readonly signers: SystemSigners;
  readonly api: ServiceApi;
  readonly store: WalletStore;
  /** The preimage registry; without it a wallet that is promised money depends on S to be paid (U4). */
  readonly registrar?: Registrar;
  /** Seconds by which S ends a payee's lock before the payer's; an hour unless given. */
  readonly margin?: bigint;
  /** The most that a payment may cost that does not say it itself, in base units; 0 unless given. */
  readonly maxFee?: bigint;
  /** Unix seconds. */
  readonly now?: () => bigint;
  /** Makes preimages that nobody can guess; from the platform's randomness unless given. */
  readonly randomHash?: () => Hash;
  /**
   * The key was made here and never left, and the store cannot have been rolled back. Only then does the wallet close at the
   * risk of the penalty; else, and by default, it closes humbly (U3).
   */
  readonly isOriginal?: boolean;
  /** Shared by wallets of one process, so that a batch that pays many of them is checked once. */
  readonly verifier?: SystemVerifier;
}

/** What a user sends to the hub to close alone (section 6). */
export interface CloseIntent {
  readonly channel: ChannelKey;
  readonly completed: Completed | undefined;
  readonly held: HeldNote | undefined;
  readonly humble: boolean;
  /** Native coin to send along: the asset's fee for a humble close. */
  readonly fee: bigint;
  /** Unix seconds: when the transaction is void. */
  readonly deadline: bigint;
}
