import { Buffer } from "buffer";
import { encodeRlp } from "ethers";

import { digest, domainSeparator, fromHex, keccak, textDigest, toHash, type Hex } from "../../protocol";
import type { Key } from "../../signer/key";
import type { ChainNode } from "../chain/chainNode";
import { hashMessage } from "../signing";
import type { Signer, Transaction } from "./signer";

/** The signer of a key that signs digests. */
export function keySigner(key: Key): Signer {
  const { address } = key;
  return {
    address,
    sign: (message, domain) =>
      key.sign(digest(domainSeparator(domain), hashMessage(message)), { kind: "message", domain, ...message }),
    signText: (text) => key.sign(textDigest(text), { kind: "text", text }),
    send: async (transaction, node) => {
      const fields = await fieldsOf(transaction, address, node);
      const unsigned = encoded(fields);
      const purpose = { kind: "transaction", unsigned: `0x${unsigned.toString("hex")}` } as const;
      const signature = await key.sign(keccak(unsigned), purpose);
      const signed = encoded([
        ...fields,
        signature.endsWith("1c") ? 1n : 0n,
        BigInt(signature.slice(0, 66)),
        BigInt(`0x${signature.slice(66, 130)}`),
      ]);
      return toHash(String(await node.ask("eth_sendRawTransaction", [`0x${signed.toString("hex")}`])));
    },
  };
}

/** Of what is estimated, in per cent: the chain may be another one when it is mined. */
const GAS_MARGIN = 125n;

/** A transaction of type 2 (EIP-1559) before it is signed. */
async function fieldsOf({ to, data, value }: Transaction, from: Hex, node: ChainNode) {
  const call = { from, to, data, value: `0x${value.toString(16)}` };
  const number = async (method: string, params: readonly unknown[] = []): Promise<bigint> =>
    BigInt(String(await node.ask(method, params)));
  const [chainId, nonce, estimate, tip, { baseFee }] = await Promise.all([
    node.chainId(),
    number("eth_getTransactionCount", [from, "pending"]),
    number("eth_estimateGas", [call]),
    number("eth_maxPriorityFeePerGas"),
    node.block("latest"),
  ]);
  const gas = (estimate * GAS_MARGIN) / 100n;
  return [chainId, nonce, tip, 2n * baseFee + tip, gas, to, value, data, []] as const;
}

type Field = bigint | Hex | readonly never[];

function encoded(fields: readonly Field[]): Buffer {
  const items = fields.map((field) => (typeof field === "bigint" ? quantity(field) : field));
  return Buffer.concat([Buffer.of(2), fromHex(encodeRlp(items as (string | string[])[]) as Hex)]);
}

/** Without leading zeros; zero is empty. */
function quantity(value: bigint): Hex {
  const digits = value === 0n ? "" : value.toString(16);
  return `0x${digits.length % 2 === 0 ? "" : "0"}${digits}`;
}
