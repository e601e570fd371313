import type { Interface } from "ethers";

import {
  ZERO_ADDRESS,
  type Address,
  type ChannelKey,
  type Closing,
  type Hash,
  type Hex,
  type Signature,
} from "../../protocol";
import type { Transaction } from "../signers";
import type { SignedWithdrawal } from "../store";
import { HUB, REGISTRY, TOKEN } from "./abi";

// Transactions, as the hub, its registry and tokens take them.

/** Pays `amount` into the channel; of a token, the hub must be allowed to take it. */
export function depositCall(hub: Address, key: ChannelKey, amount: bigint): Transaction {
  const value = key.token === ZERO_ADDRESS ? amount : 0n;
  return call(hub, HUB, "deposit", [refOf(key), amount], value);
}

/** Lets the hub take `amount` of the sender's tokens. */
export function approveCall(hub: Address, token: Address, amount: bigint): Transaction {
  return call(token, TOKEN, "approve", [hub, amount]);
}

/** Settles a withdrawal. */
export function withdrawCall(hub: Address, key: ChannelKey, signed: SignedWithdrawal): Transaction {
  const { withdrawal, signature, systemSignature } = signed;
  return call(hub, HUB, "withdraw", [refOf(key), withdrawal, signature, systemSignature]);
}

/** Ends the epoch as both sides agreed. */
export function closeCooperativelyCall(
  hub: Address,
  key: ChannelKey,
  closing: Closing,
  [user, system]: readonly [Signature, Signature],
): Transaction {
  return call(hub, HUB, "closeCooperatively", [refOf(key), closing, user, system]);
}

/** Registers preimages for everyone. */
export function registerCall(registry: Address, preimages: readonly Hash[]): Transaction {
  return call(registry, REGISTRY, "revealMany", [preimages]);
}

export function call(to: Address, abi: Interface, name: string, inputs: readonly unknown[], value = 0n): Transaction {
  return { to, data: abi.encodeFunctionData(name, inputs) as Hex, value };
}

export function refOf({ system, user, token }: ChannelKey) {
  return { system, user, token };
}
