import type { Address, Hex, Signature, Withdrawal } from "../protocol";
import { toAddress } from "../protocol";
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

/** Whom, of which token, and with what totals a call pays; undefined if it is another call. */
export function decodeWithdrawalBatch(
  data: Hex,
): { token: Address; items: readonly { user: Address; withdrawn: bigint }[] } | undefined {
  const call = HUB.parseTransaction({ data });
  if (call?.name !== "withdrawBatch") return undefined;
  const [token, items] = call.args as unknown as [string, { user: string; withdrawal: { withdrawn: bigint } }[]];
  return {
    token: toAddress(token),
    items: items.map(({ user, withdrawal }) => ({ user: toAddress(user), withdrawn: withdrawal.withdrawn })),
  };
}
