import type { ListedAsset } from "../../src/chain/assets";
import { addressOf, defaultAllotment, keccakText } from "../../src/protocol";
import type { System } from "../../src/service/chain";
import { localKey } from "../../src/signer";
import { POINTS, SETTINGS } from "./service";

/** An asset of the tests, but for its system and token. */
export const TERMS = { decimals: 18, settings: SETTINGS, limit: defaultAllotment(18), allotment: defaultAllotment(18) };

/** What the hub of the tests lists: points, for every system. */
export const LISTED: ListedAsset = { decimals: 18, settings: SETTINGS, limit: TERMS.limit, bond: 0n };

/** Systems of the tests, each with a signer of its own and points. */
export function systemsOf(count: number): System[] {
  return Array.from({ length: count }, (_, i) => ({
    address: addressOf(keccakText(`system ${i}`)),
    tokens: [POINTS],
    signer: localKey(keccakText(`signer ${i}`)),
  }));
}
