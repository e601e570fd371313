import { createServer } from "node:http";

import { Transaction, TypedDataEncoder } from "ethers";

import { addressOf, sign, type Hash, type Hex } from "../src/protocol";

// A signer in a process of its own, as docs/SIGNER.md says: the service asks it for signatures and never sees the key. Where
// `sign` is called, yours asks its KMS or HSM. Whatever the service says, it computes the digest anew and looks at what it signs.

const LOCKS = "uint128 locked,uint64 locksExpiry,bytes32 locksRoot,bytes32 memo";
/** What a system signs (section 3 of the protocol). */
const TYPES: Readonly<Record<string, string>> = {
  State: `bytes32 channelId,uint64 version,int128 net,uint64 noteSeq,uint128 noteCredited,${LOCKS}`,
  Note: `bytes32 channelId,uint64 seq,uint128 credited,${LOCKS}`,
  Withdrawal: "bytes32 channelId,uint128 withdrawn,uint128 reclaimed,address recipient,uint64 deadline",
  Closing: "bytes32 channelId,int128 net,uint64 deadline",
  Batch: "bytes32 root",
  Close: "bytes32 channelId,address party,bytes32 stateHash,bytes32 noteHash,bool humble,uint64 deadline",
  Appointment: "bytes32 channelId,address party,address tower,uint16 shareBps,uint64 until",
  Invoice: "bytes32 hash,uint128 amount,address token,uint64 expiry,address account,bytes32 memo",
};

interface Message {
  readonly kind: "message";
  readonly digest: Hash;
  readonly chainId: string;
  readonly hub: string;
  readonly type: string;
  readonly value: Readonly<Record<string, string | boolean>>;
}

type Asked =
  | Message
  | { readonly kind: "transaction"; readonly digest: Hash; readonly transaction: string }
  | { readonly kind: "text"; readonly digest: Hash; readonly text: string };

/** What this key is for: "message" for a system's signer, "transaction" for the key that pays for gas. Never both. */
const { SIGNER_KEY, SIGNER_FOR = "message", SIGNER_MOST, SIGNER_SOCKET, SIGNER_PORT } = process.env;
const key = SIGNER_KEY as Hex;

function digestOf(asked: Asked): string | undefined {
  if (asked.kind === "transaction") return Transaction.from(asked.transaction).unsignedHash;
  const fields = asked.kind === "message" ? TYPES[asked.type] : undefined;
  if (asked.kind !== "message" || fields === undefined) return undefined;
  const types = {
    [asked.type]: fields.split(",").map((field) => ({ type: field.split(" ")[0]!, name: field.split(" ")[1]! })),
  };
  const domain = { name: "Starledger", version: "1", chainId: asked.chainId, verifyingContract: asked.hub };
  return TypedDataEncoder.hash(domain, types, asked.value);
}

/** Your policy: here, what the key is for, and how much a withdrawal may come to. */
function refusal(asked: Asked): string | undefined {
  if (asked.kind !== SIGNER_FOR) return `this key signs no ${asked.kind}`;
  if (digestOf(asked) !== asked.digest) return "the digest is of something else";
  const isLarge = asked.kind === "message" && BigInt(asked.value["withdrawn"] ?? 0) > BigInt(SIGNER_MOST ?? 2n ** 128n);
  return isLarge ? "more than this key withdraws" : undefined;
}

const server = createServer((request, response) => {
  const answer = (status: number, body: object): void => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  if (request.method === "GET") return answer(200, { address: addressOf(key) });
  let text = "";
  request.on("data", (part: Buffer) => (text += part.toString()));
  request.on("end", () => {
    try {
      const asked = JSON.parse(text) as Asked;
      const reason = refusal(asked);
      answer(
        reason === undefined ? 200 : 403,
        reason === undefined ? { signature: sign(asked.digest, key) } : { reason },
      );
    } catch (error) {
      answer(400, { reason: String(error) });
    }
  });
});
server.listen(SIGNER_SOCKET ?? { port: Number(SIGNER_PORT ?? 9090), host: "127.0.0.1" }, () =>
  console.log(addressOf(key)),
);
