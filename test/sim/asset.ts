import { keccakText, type AssetSettings, type Hex } from "../../src/protocol";

/** The system's own key, and the one that it signs states and notes with. */
export const SYSTEM_KEY: Hex = keccakText("system");
export const SIGNER_KEY: Hex = keccakText("signer");

/** What the asset of the simulation is like: credit of its issuer. */
export const POINTS: AssetSettings = {
  backing: "issued",
  challengePeriod: 7_200n,
  claimWindow: 7_200n,
  lockLimit: 14_400n,
  award: 0n,
  staleFee: 0n,
};
