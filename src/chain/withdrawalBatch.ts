import type { Address, Hex, Signature, Withdrawal } from "../protocol";
import { IChannelHub__factory } from "../../typechain-types";

const HUB = IChannelHub__factory.createInterface();

/** One user's withdrawal in a batch. */
export interface BatchItem {
  readonly user: Address;
  readonly withdrawal: Withdrawal;
  readonly userSignature: Signature;
}

/** Many withdrawals of one token as the call of the system that pays them. */
export function encodeWithdrawalBatch(token: Address, items: readonly BatchItem[]): Hex {
  return HUB.encodeFunctionData("withdrawBatch", [token, [...items]]) as Hex;
}
