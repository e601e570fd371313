import { Transaction } from "ethers";

import { toHash, type Hex } from "../../protocol";
import type { TransactionSigner } from "../../signer";
import type { Fees } from "./fees";
import type { Attempt, Item } from "./item";

/** What a transaction takes that does nothing. */
const NOTHING_GAS = 21_000n;

/** How an item's next attempt is signed. */
export interface Signing extends Fees {
  readonly chainId: bigint;
  /** The call is not to happen any more: only its nonce is used up. */
  readonly cancels: boolean;
  /** Unix seconds. */
  readonly now: bigint;
}

/**
 * Signs an attempt of an item that has its nonce.
 * @throws signer_unavailable, signer_refused
 */
export async function signAttempt(
  item: Item,
  signer: TransactionSigner,
  { chainId, cancels, now, maxFee, tip }: Signing,
): Promise<Attempt> {
  const target = cancels ? { to: item.sender, data: "0x", value: 0n } : item.call;
  const transaction = Transaction.from({
    type: 2,
    chainId,
    nonce: item.nonce!,
    to: target.to,
    data: target.data,
    value: target.value,
    gasLimit: cancels ? NOTHING_GAS : item.gasLimit,
    maxFeePerGas: maxFee,
    maxPriorityFeePerGas: tip,
  });
  const raw = (await signer.signTransaction(transaction)) as Hex;
  return { hash: toHash(Transaction.from(raw).hash!), raw, maxFee, tip, signedAt: now, cancels };
}
