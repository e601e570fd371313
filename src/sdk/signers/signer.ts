import type { Address, Domain, Hash, Hex, Signature } from "../../protocol";
import type { ChainNode } from "../chain/chainNode";
import type { SignedMessage } from "../signing";

/** A call to a contract, with native coin. */
export interface Transaction {
  readonly to: Address;
  readonly data: Hex;
  readonly value: bigint;
}

/**
 * Who signs for an account: a key in the process ({@link localSigner}), a browser wallet ({@link walletSigner}), another
 * program (`externalSigner`, in Node), or whatever of the developer's own asks a device or a signing service. What it returns is checked before it is used.
 */
export interface Signer {
  readonly address: Address;
  /** Signs a message of the protocol as EIP-712 typed data. */
  sign(message: SignedMessage, domain: Domain): Promise<Signature>;
  /** Signs a text as EIP-191 says: to sign in. */
  signText(text: string): Promise<Signature>;
  /** Sends a transaction from the account by the node; resolves with its hash. */
  send(transaction: Transaction, node: ChainNode): Promise<Hash>;
}
