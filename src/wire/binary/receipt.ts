import { Buffer } from "buffer";
import type * as z from "zod";

import type { Hash, Signature } from "../../protocol";
import type { stateReceipt } from "../channels";
import { malformed, Reader, Writer } from "./layout";

/** What the stream answers to a submission. */
export interface SubmissionResult {
  readonly id: string;
  /** It was done before, under this idempotency key. */
  readonly replayed: boolean;
  readonly result: z.output<typeof stateReceipt>;
}

const RESULT = 2;
const FIXED = 1 + 1 + 1 + 8 + 65 + 1;

/** The answer to a submission in bytes (docs/STREAM.md). */
export function encodeSubmissionResult({ id, replayed, result }: SubmissionResult): Buffer {
  const { commit, systemSignature } = result;
  const { signature, proof } = systemSignature;
  const writer = new Writer(Buffer.alloc(FIXED + Buffer.byteLength(id) + 32 * proof.length));
  writer
    .byte(RESULT)
    .text(id)
    .byte(replayed ? 1 : 0);
  writer.field("uint64", commit).field("signature", signature).byte(proof.length);
  for (const step of proof) writer.field("hash", step);
  return writer.bytes;
}

/**
 * The answer to a submission in bytes (docs/STREAM.md).
 * @throws invalid_request
 */
export function decodeSubmissionResult(bytes: Buffer): SubmissionResult {
  const reader = new Reader(bytes);
  if (reader.byte() !== RESULT) malformed("unknown kind");
  const id = reader.text();
  const flag = reader.byte();
  if (flag > 1) malformed("replayed");
  const commit = reader.field("uint64") as bigint;
  const signature = reader.field("signature") as Signature;
  const proof = Array.from({ length: reader.byte() }, () => reader.field("hash") as Hash);
  reader.end();
  return { id, replayed: flag === 1, result: { commit, systemSignature: { signature, proof } } };
}
