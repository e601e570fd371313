import * as z from "zod";

import { ZERO_HASH } from "../protocol";
import { signedWithdrawal } from "./channels";
import { systemSignature, withdrawal } from "./messages";
import { address, amount, channelId, decimals, hash, signature, uint64, unsigned } from "./values";

const reference = hash.default(ZERO_HASH).meta({ description: "The caller's own mark on the payment." });

export const issuance = z.strictObject({ account: address, token: address, amount, reference });

export const issuanceReceipt = z.object({
  commit: unsigned,
  account: address,
  token: address,
  amount,
  decimals,
  reference: hash,
});

export const transfer = z.strictObject({ from: address, to: address, token: address, amount, reference });

export const transferReceipt = z.object({
  commit: unsigned,
  from: address,
  to: address,
  token: address,
  amount,
  decimals,
  reference: hash,
  channelId,
  version: uint64.meta({ description: "Of the payer's state that the transfer completed." }),
  systemSignature,
});

export const withdrawalRequest = z.discriminatedUnion("custody", [
  z.strictObject({ custody: z.literal("self"), withdrawal, signature }),
  z.strictObject({
    custody: z.literal("hosted"),
    from: address,
    token: address,
    amount,
    recipient: address,
    deadline: uint64.meta({ description: "Unix seconds: when the signatures are void." }),
  }),
]);

export const withdrawalReceipt = z.object({ commit: unsigned, ...signedWithdrawal.shape });

export const revelation = z.strictObject({ preimage: hash });

export const revelationReceipt = z.object({ commit: unsigned });
