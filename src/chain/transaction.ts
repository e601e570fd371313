import { fail } from "../errors";
import { answered } from "./hubErrors";

/** The receipt of a transaction, once it is mined. */
export async function mined<Receipt>(sending: Promise<{ wait(): Promise<Receipt | null> }>): Promise<Receipt> {
  const receipt = await answered(sending.then((sent) => sent.wait()));
  return receipt ?? fail("store_corrupt", { transaction: "no receipt" });
}
