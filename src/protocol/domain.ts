import { fromHex, keccak, keccakText } from "./primitives";
import type { Domain, Hash } from "./types";
import { Words } from "./words";

const DOMAIN_TYPEHASH = keccakText(
  "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)",
);
const NAME = keccakText("Starledger");
const VERSION = keccakText("1");

/** The EIP-712 domain separator of one hub on one chain; compute it once. */
export function domainSeparator(domain: Domain): Hash {
  const words = new Words(5).start().hex(DOMAIN_TYPEHASH).hex(NAME).hex(VERSION);
  return keccak(words.integer(domain.chainId).hex(domain.hub).done());
}

const signed = Buffer.alloc(66);
signed.write("1901", "hex");

/** What is signed: `keccak256(0x1901 ‖ separator ‖ structHash)`. */
export function digest(separator: Hash, structHash: Hash): Hash {
  fromHex(separator).copy(signed, 2);
  fromHex(structHash).copy(signed, 34);
  return keccak(signed);
}
