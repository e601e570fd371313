import * as z from "zod";

import { ZERO_HASH } from "../protocol";
import { signedInvoice } from "./invoices";
import { address, amount, hash } from "./values";

const reference = hash.default(ZERO_HASH).meta({ description: "The user's own mark on it." });

const lockOrders = [
  z.strictObject({ type: z.literal("invoice"), signed: signedInvoice }),
  z.strictObject({
    type: z.literal("transfer"),
    to: address,
    amount,
    reference,
    nonce: hash.meta({ description: "Random: tells one transfer from the next." }),
  }),
] as const;

export const lockOrder = z.discriminatedUnion("type", lockOrders);

export const routeOrder = z.discriminatedUnion("type", [
  ...lockOrders,
  z.strictObject({
    type: z.literal("refund"),
    to: address.meta({ description: "Who paid." }),
    amount,
    payment: hash.meta({ description: "The hash that it was paid under." }),
    reference,
  }),
]);

/** The system's word that what its router gets reaches the payee. */
export const route = signedInvoice.meta({
  description:
    "Signed by a signer of the system; the memo is the struct hash of the invoice that the payee is paid by.",
});

export const sentRoute = z.strictObject({ order: lockOrder, route });

export const sent = z.object({ sent: z.literal(true) });
