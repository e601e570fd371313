import { keccakText, type Hex } from "../../protocol";

/** What a local chain's system is run with; known to everybody, and worth nothing elsewhere. */
export const DEVELOPMENT = {
  signerKey: keccakText("starledger development signer") as Hex,
  secret: "starledger development secret",
  salt: keccakText("starledger development salt") as Hex,
  operatorKey: "development",
};
