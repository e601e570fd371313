import type { ContractRunner, ContractTransactionReceipt } from "ethers";

import { ZERO_ADDRESS, type Address } from "../protocol";
import { IERC20Metadata__factory } from "../../typechain-types";
import { answered } from "./hubErrors";
import { mined } from "./transaction";

const NATIVE_DECIMALS = 18;

/** Base units per whole token, as a power of ten; the zero address is native coin. */
export async function decimalsOf(runner: ContractRunner, token: Address): Promise<number> {
  if (token === ZERO_ADDRESS) return NATIVE_DECIMALS;
  return Number(await answered(IERC20Metadata__factory.connect(token, runner).decimals()));
}

/** Lets `spender` take `amount` of the sender's tokens; undefined if it may already. Native coin needs no leave. */
export async function approve(
  runner: ContractRunner,
  { token, owner, spender, amount }: { token: Address; owner: Address; spender: Address; amount: bigint },
): Promise<ContractTransactionReceipt | undefined> {
  if (token === ZERO_ADDRESS) return undefined;
  const contract = IERC20Metadata__factory.connect(token, runner);
  if ((await answered(contract.allowance(owner, spender))) >= amount) return undefined;
  return mined(contract.approve(spender, amount));
}
