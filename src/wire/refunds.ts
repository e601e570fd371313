import * as z from "zod";

import { ZERO_HASH } from "../protocol";
import { systemSignature } from "./messages";
import { recordQuery } from "./records";
import { time } from "./times";
import { address, amount, channelId, decimals, hash, systemLogId, uint128, uint64, unsigned } from "./values";

/** The id of a transfer or redemption, or of a conditional payment. */
export const refundableId = z
  .string()
  .max(150)
  .meta({ description: "The id of the transfer, redemption or conditional payment." });

export const refundRequest = z.strictObject({
  payment: refundableId,
  amount: amount.optional().meta({ description: "Base units; all that is left unless given." }),
  reference: hash.default(ZERO_HASH).meta({ description: "The caller's own mark on the refund." }),
});

export const refundQuery = recordQuery.extend({
  payment: refundableId.optional().meta({ description: "Only those of this payment." }),
});

export const refundRecord = z.object({
  id: systemLogId,
  commit: unsigned,
  time,
  payment: refundableId,
  from: address.nullable().meta({ description: "Who was paid; null where it was redeemed." }),
  to: address.meta({ description: "Who had paid." }),
  token: address,
  amount: uint128,
  decimals,
  reference: hash,
  channelId: channelId.nullable(),
  version: uint64.nullable().meta({ description: "Of the state that says so; null where it was redeemed." }),
});

export const refundReceipt = refundRecord.extend({
  systemSignature: systemSignature.nullable().meta({ description: "On the state; null where it was redeemed." }),
});
