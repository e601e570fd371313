import { Buffer } from "buffer";

import type { State, StateOperation } from "../../protocol";
import { OPERATIONS } from "../channels";
import { IDEMPOTENCY_KEY, type ClientMessage } from "../stream";
import { lengthOf, malformed, Reader, Writer, type Layout } from "./layout";

/** The message of the stream that completes a state. */
export type Submission = Extract<ClientMessage, { type: "submitState" }>;

const SUBMISSION = 1;
const ID = /^[\x21-\x7e]{1,64}$/;

export const STATE: Layout<State> = {
  channelId: "hash",
  version: "uint64",
  net: "int128",
  noteSeq: "uint64",
  noteCredited: "uint128",
  locked: "uint128",
  locksExpiry: "uint64",
  locksRoot: "hash",
  memo: "hash",
};

type FieldsOf<Type extends StateOperation["type"]> = Omit<Extract<StateOperation, { type: Type }>, "type">;

/** Their numbers on the wire are their places here: new ones come last. */
export const KINDS: { readonly [Type in StateOperation["type"]]: Layout<FieldsOf<Type>> } = {
  pay: { to: "address", amount: "amount", reference: "hash" },
  redeem: { amount: "amount", reference: "hash" },
  refund: { to: "address", amount: "amount", payment: "hash", reference: "hash" },
  fee: { amount: "amount", reference: "hash" },
  fold: { seq: "uint64", credited: "uint128" },
  lock: { to: "address", amount: "amount", fee: "uint128", hash: "hash", expiry: "uint64", reference: "hash" },
  foldLock: { index: "uint64", preimage: "hash" },
  dropLock: { index: "uint64" },
  releaseLock: { hash: "hash" },
};
const TYPES = Object.keys(KINDS) as StateOperation["type"][];
const NUMBERS = Object.fromEntries(TYPES.map((type, number) => [type, number])) as Record<
  (typeof TYPES)[number],
  number
>;
const LENGTHS = TYPES.map((type) => 1 + lengthOf(KINDS[type]));
const FIXED = 1 + 1 + 1 + lengthOf(STATE) + 65 + 2;

/**
 * A `submitState` message of the stream in bytes (docs/STREAM.md).
 * @throws invalid_hex, out_of_range, invalid_request
 */
export function encodeSubmission({ id, idempotencyKey, body }: Omit<Submission, "type">): Buffer {
  requireMarks(id, idempotencyKey);
  const { proposal, operations, signature } = body;
  const length = operations.reduce((sum, { type }) => sum + LENGTHS[NUMBERS[type]]!, FIXED);
  const writer = new Writer(Buffer.alloc(length + id.length + idempotencyKey.length));
  writer.byte(SUBMISSION).text(id).text(idempotencyKey).record(STATE, proposal).field("signature", signature);
  writer.count(operations.length);
  for (const { type, ...fields } of operations) {
    writer.byte(NUMBERS[type]).record<object>(KINDS[type], fields);
  }
  return writer.bytes;
}

/**
 * What {@link encodeSubmission} has written.
 * @throws invalid_request
 */
export function decodeSubmission(bytes: Buffer): Submission {
  const reader = new Reader(bytes);
  if (reader.byte() !== SUBMISSION) malformed("unknown kind");
  const [id, idempotencyKey] = [reader.text(), reader.text()];
  requireMarks(id, idempotencyKey);
  const proposal = reader.record(STATE);
  const signature = reader.field("signature") as Submission["body"]["signature"];
  const count = reader.count();
  if (count > OPERATIONS) malformed("too many operations");
  const operations = Array.from({ length: count }, () => {
    const type = TYPES[reader.byte()] ?? malformed("unknown operation");
    return { type, ...reader.record<object>(KINDS[type]) } as StateOperation;
  });
  reader.end();
  return { type: "submitState", id, idempotencyKey, body: { proposal, operations, signature } };
}

function requireMarks(id: string, idempotencyKey: string): void {
  if (!ID.test(id)) malformed("id");
  if (!IDEMPOTENCY_KEY.test(idempotencyKey)) malformed("idempotencyKey");
}
