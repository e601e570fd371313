import * as z from "zod";

import { address, hash, signature, unsigned } from "./values";

// What an external signer is asked and answers (docs/SIGNER.md).

const hex = z.string().regex(/^0x([0-9a-f]{2})+$/);
const digest = hash;

/** A digest, and what it is of, so that the signer can compute it anew and decide. */
export const signingRequest = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("message"),
    digest,
    chainId: unsigned,
    hub: address,
    type: z.string(),
    value: z.record(z.string(), z.union([z.string(), z.boolean()])),
  }),
  z.strictObject({ kind: z.literal("text"), digest, text: z.string() }),
  z.strictObject({ kind: z.literal("transaction"), digest, transaction: hex }),
]);

export const signingAnswer = z.object({ signature });
export const keyAnswer = z.object({ address });
export const secretAnswer = z.object({ secret: z.string().min(1) });
