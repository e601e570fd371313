import type { Transaction } from "ethers";

import {
  digest,
  domainSeparator,
  toHash,
  type Address,
  type Domain,
  type Hash,
  type Hex,
  type Signature,
} from "../protocol";
import type { Key } from "./key";

/** What a system says in its own name (section 3). */
export type SystemMessage = "State" | "Note" | "Withdrawal" | "Closing" | "Batch" | "Close" | "Appointment" | "Invoice";

/** Signs what a system says in its own name, and no transaction. */
export interface SystemSigner {
  readonly address: Address;
  /**
   * @param structHash that of `value`
   * @throws signer_unavailable, signer_refused
   */
  sign(type: SystemMessage, structHash: Hash, value: object): Promise<Signature>;
}

export function systemSigner(key: Key, domain: Domain): SystemSigner {
  const separator = domainSeparator(domain);
  return {
    address: key.address,
    sign: (type, structHash, value) =>
      key.sign(digest(separator, structHash), { kind: "message", domain, type, value }),
  };
}

/** Signs transactions, and nothing else. */
export interface TransactionSigner {
  readonly address: string;
  /** @throws signer_unavailable, signer_refused */
  signTransaction(transaction: Transaction): Promise<string>;
}

export function transactionSigner(key: Key): TransactionSigner {
  return {
    address: key.address,
    signTransaction: async (transaction) => {
      const unsigned = transaction.unsignedSerialized as Hex;
      const signed = transaction.clone();
      signed.signature = await key.sign(toHash(transaction.unsignedHash), { kind: "transaction", unsigned });
      return signed.serialized;
    },
  };
}
