import * as z from "zod";

import { ZERO_HASH } from "../protocol";
import { recordQuery } from "./records";
import { time } from "./times";
import { address, amount, decimals, hash, signature, uint128, uint64, unsigned } from "./values";

const expiry = uint64.meta({ description: "Unix seconds: when it can no longer be paid.", examples: ["1795281245"] });
const memo = hash.meta({ description: "Hash of whatever the payee wants to say." });

export const invoiceText = z
  .string()
  .max(512)
  .meta({
    description: "The invoice as one string, `sl1…`, as a QR code carries it.",
    examples: ["sl1q93fyxhmxxtnk6nkpx5mz…"],
  });

export const signedInvoice = z.strictObject({
  invoice: z.strictObject({ hash, amount, token: address, expiry: uint64, account: address, memo: hash }),
  signature,
});

export const invoiceRequest = z.strictObject({
  account: address,
  token: address,
  amount,
  expiry,
  memo: memo.default(ZERO_HASH),
  hold: z.boolean().default(false).meta({ description: "Claim what is promised only by `settle`." }),
});

export const invoiceStatus = z.enum(["open", "held", "settled", "cancelled", "expired"]).meta({
  description: "`held`: the amount is promised, and is claimed by itself or, of a hold invoice, by `settle`.",
});

export const invoice = z.object({
  hash,
  account: address,
  token: address,
  amount,
  decimals,
  expiry,
  memo,
  hold: z.boolean(),
  status: invoiceStatus,
  created: time,
  text: invoiceText,
  signature,
});

export const invoiceQuery = recordQuery.extend({
  system: address.optional().meta({ description: "Needed where several systems are served and no account is named." }),
  status: invoiceStatus.optional(),
});

export const paymentRequest = z.strictObject({
  from: address,
  invoice: z.union([invoiceText, signedInvoice]),
  maxFee: uint128.optional().meta({ description: "Refused if it would cost more." }),
});

/** The payer's channel, its version that locked, and the lock's place. */
export const paymentId = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}-(0|[1-9][0-9]{0,19})-(0|[1-9][0-9]{0,19})$/, { error: "unknown_payment" })
  .meta({
    description: "As the answer to the payment named it.",
    examples: ["0x9b1ee72f1dff30fde7872c8fab94156cb2b686ea3b99c170b9b527a594bc7146-1-0"],
  });

export const payment = z.object({
  id: paymentId,
  status: z
    .enum(["pending", "settled", "failed"])
    .meta({ description: "`pending`: locked, until the payee claims it or the expiry is final." }),
  from: address,
  to: address,
  token: address,
  amount,
  decimals,
  fee: uint128.meta({ description: "Kept only if it is settled." }),
  hash,
  expiry: uint64.meta({ description: "Unix seconds: when the payer's lock ends." }),
  preimage: hash.nullable().meta({ description: "What proves that it was paid." }),
  refunded: uint128.meta({ description: "How much of it was given back." }),
  isOver: z.boolean().meta({ description: "The payer's lock is gone: paid, or back." }),
});

export const paymentReceipt = z.object({ commit: unsigned, ...payment.shape });
