import * as z from "zod";

import { ZERO_HASH } from "../protocol";
import { signedInvoice } from "./invoices";
import { address, amount, hash } from "./values";

export const routeOrder = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("invoice"), signed: signedInvoice }),
  z.strictObject({
    type: z.literal("transfer"),
    to: address,
    amount,
    reference: hash.default(ZERO_HASH).meta({ description: "The payer's own mark on the payment." }),
    nonce: hash.meta({ description: "Random: tells one transfer from the next." }),
  }),
]);

/** The system's word that what its router gets reaches the payee. */
export const route = signedInvoice.meta({
  description:
    "Signed by a signer of the system; the memo is the struct hash of the invoice that the payee is paid by.",
});

export const sentRoute = z.strictObject({ order: routeOrder, route });

export const sent = z.object({ sent: z.literal(true) });
