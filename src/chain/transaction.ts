import type { ContractTransactionReceipt, ContractTransactionResponse } from "ethers";

import { fail } from "../errors";

/** The receipt of a transaction, once it is mined. */
export async function mined(sending: Promise<ContractTransactionResponse>): Promise<ContractTransactionReceipt> {
  return (await (await sending).wait()) ?? fail("store_corrupt", { transaction: "no receipt" });
}
