import { Buffer } from "buffer";

import { keccak, keccakText } from "./primitives";
import type { Domain, Hash } from "./types";
import { Words } from "./words";
import { writeHex } from "./writeHex";

const DOMAIN_TYPEHASH = keccakText(
  "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)",
);
const NAME = keccakText("Starledger");
const VERSION = keccakText("1");

/**
 * The EIP-712 domain separator of one hub on one chain; compute it once.
 * @throws invalid_hex, out_of_range
 */
export function domainSeparator(domain: Domain): Hash {
  const words = new Words(5, DOMAIN_TYPEHASH).start().hash(NAME).hash(VERSION);
  return keccak(words.uint256(domain.chainId).address(domain.hub).done());
}

const signed = Buffer.alloc(66);
signed.write("1901", "hex");

/**
 * What is signed: `keccak256(0x1901 ‖ separator ‖ structHash)`.
 * @throws invalid_hex
 */
export function digest(separator: Hash, structHash: Hash): Hash {
  writeHex(separator, 32, signed, 2);
  writeHex(structHash, 32, signed, 34);
  return keccak(signed);
}
