import type { ListedAsset } from "../../src/chain/assets";
import { addressOf, defaultAllotment, keccakText } from "../../src/protocol";
import type { SystemSettings } from "../../src/service/config";
import { POINTS, SETTINGS } from "./service";

/** What the hub of the tests lists: points, for every system. */
export const LISTED: ListedAsset = { decimals: 18, settings: SETTINGS, limit: defaultAllotment(18) };

/** Systems of the tests, each with a signer of its own and points. */
export function systemsOf(count: number): SystemSettings[] {
  return Array.from({ length: count }, (_, i) => ({
    address: addressOf(keccakText(`system ${i}`)),
    tokens: [POINTS],
    signerKey: keccakText(`signer ${i}`),
  }));
}
