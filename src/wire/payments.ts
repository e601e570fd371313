import * as z from "zod";

import { ZERO_HASH } from "../protocol";
import { BATCH, signedWithdrawal, stateSubmission } from "./channels";
import { systemSignature, withdrawal } from "./messages";
import { payee } from "./aliases";
import {
  address,
  amount,
  channelId,
  decimals,
  hash,
  int128,
  list,
  signature,
  systemLogId,
  uint128,
  uint64,
  unsigned,
} from "./values";

const reference = hash.default(ZERO_HASH).meta({ description: "The caller's own mark on the payment." });

export const issuance = z.strictObject({ account: address, token: address, amount, reference });

const id = systemLogId.nullable().meta({ description: "Of its record; null where an older program carried it out." });

export const issuanceReceipt = z.object({
  id,
  commit: unsigned,
  account: address,
  token: address,
  amount,
  decimals,
  reference: hash,
});

const maxFee = uint128.optional().meta({ description: "Refused if it would cost more." });

const to = payee.meta({
  description: "An account's address, or its name: `alice`, `alice@` and the host of this service.",
});

export const transfer = z.strictObject({
  from: address,
  to,
  token: address,
  amount,
  reference,
  maxFee,
});

/** What a state of the payer did, proven by the system's signature on it. */
const completed = {
  channelId,
  version: uint64.meta({ description: "Of the payer's state that was completed." }),
  systemSignature,
};

export const transferReceipt = z.object({
  id,
  commit: unsigned,
  from: address,
  to: address,
  token: address,
  amount,
  decimals,
  fee: uint128,
  reference: hash,
  ...completed,
});

export const redemption = z.strictObject({ from: address, token: address, amount, reference, maxFee });

export const redemptionReceipt = z.object({
  id,
  commit: unsigned,
  from: address,
  token: address,
  amount,
  decimals,
  fee: uint128,
  reference: hash,
  ...completed,
});

const item = z.strictObject({ to, amount, reference });

export const batch = z.strictObject({ from: address, token: address, items: list(item, BATCH, 1), maxFee });

export const batchReceipt = z.object({
  commit: unsigned,
  from: address,
  token: address,
  decimals,
  total: unsigned.meta({ description: "Of the amounts, without fees." }),
  fee: unsigned.meta({ description: "Of all items." }),
  items: list(
    z.object({
      ...{ to: address, amount, reference: hash },
      fee: uint128.meta({ description: "Kept only where it is paid." }),
      status: z.enum(["paid", "pending", "returned"]).meta({
        description:
          "Of accounts of other systems `pending` while it is on its way, `returned` where it came back; ask again with the same key.",
      }),
      refused: z.string().nullable().meta({ description: "Why it came back: a code of docs/ERRORS.md." }),
    }),
  ),
  ...completed,
});

/** What `dryRun=true` answers. */
export const rehearsal = z.object({
  dryRun: z.literal(true),
  fee: unsigned.meta({ description: "What the system would keep." }),
  account: z
    .object({
      address,
      token: address,
      decimals,
      channelId,
      balance: int128,
      locked: uint128,
      available: int128,
    })
    .nullable()
    .meta({ description: "Who would pay, or, where nobody pays, be paid, with what it would then have." }),
});

/** What a user signs to withdraw. */
export const signedRequest = z.strictObject({
  withdrawal,
  signature,
  payment: stateSubmission.optional().meta({
    description:
      "Where withdrawals cost something: the next state, which folds what there is to fold and ends with the fee under the withdrawal's struct hash. Both are signed by the system, or neither is.",
  }),
});

export const withdrawalRequest = z.discriminatedUnion("custody", [
  signedRequest.extend({ custody: z.literal("self") }),
  z.strictObject({
    custody: z.literal("hosted"),
    from: address,
    token: address,
    amount,
    recipient: address,
    deadline: uint64.meta({ description: "Unix seconds: when the signatures are void.", examples: ["1795281245"] }),
    maxFee,
  }),
]);

export const withdrawalReceipt = z.object({
  id: hash,
  commit: unsigned,
  ...signedWithdrawal.shape,
  fee: uint128.meta({ description: "Base units that the system keeps for it." }),
  payment: z
    .object({ version: uint64, systemSignature })
    .nullable()
    .meta({ description: "The state that paid the fee, if there was one." }),
});

export const revelation = z.strictObject({ preimage: hash });

export const revelationReceipt = z.object({ commit: unsigned });
