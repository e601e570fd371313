import { addressOf, keccakText, type Address, type AssetSettings, type Hex } from "../../src/protocol";

/** What the asset of the simulation is like at its issuer: credit. */
export const POINTS: AssetSettings = {
  backing: "issued",
  challengePeriod: 7_200n,
  claimWindow: 7_200n,
  lockLimit: 14_400n,
  award: 0n,
  staleFee: 0n,
};

/** A system account: its keys, and how it lists the token. */
export interface Terms {
  readonly name: string;
  readonly address: Address;
  /** The system's own key, and the one that it signs states and notes with. */
  readonly key: Hex;
  readonly signerKey: Hex;
  readonly settings: AssetSettings;
}

/** The token's issuer, and a system that lists the same token and pays it out of a reserve. */
export const SYSTEMS = [termsOf("system", POINTS), termsOf("other system", { ...POINTS, backing: "reserve" })] as const;

function termsOf(name: string, settings: AssetSettings): Terms {
  const [key, signerKey] = [keccakText(name), keccakText(`signer of the ${name}`)];
  return { name, address: addressOf(key), key, signerKey, settings };
}
