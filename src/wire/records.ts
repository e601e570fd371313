import * as z from "zod";

import { pageQuery } from "./pages";
import { time } from "./times";
import { address, amount, channelId, decimals, hash, systemLogId, uint128, uint64, unsigned } from "./values";
import { systemSignature } from "./messages";

// What has happened, as lists and one by one: told from the log, newest first.

export const recordQuery = z.strictObject({
  ...pageQuery,
  system: address.optional().meta({ description: "That of the account, or one system after the other, unless said." }),
  account: address.optional(),
  token: address.optional(),
});

export const accountQuery = z.strictObject({ ...pageQuery, system: recordQuery.shape.system });

export const channelQuery = z.strictObject({ ...pageQuery, account: address, token: address.optional() });

const common = { id: systemLogId, commit: unsigned, time, token: address, amount: uint128, decimals };

const inState = {
  channelId: channelId.nullable(),
  version: uint64.nullable().meta({ description: "Of the payer's state that says so; null in very old records." }),
};

export const issuanceRecord = z.object({ ...common, account: address, reference: hash });

const refunded = { refunded: uint128.meta({ description: "How much of it was given back." }) };

export const transferRecord = z.object({
  ...common,
  from: address,
  to: address,
  reference: hash,
  ...inState,
  ...refunded,
});

export const redemptionRecord = z.object({ ...common, account: address, reference: hash, ...inState, ...refunded });

export const depositRecord = z.object({ ...common, account: address, channelId: channelId.nullable() });

/** One transfer, with what proves it. */
export const transferProof = transferRecord.extend({ systemSignature: systemSignature.nullable() });

/** A deposit that is not final yet. */
export const pendingDeposit = z.object({
  account: address,
  token: address,
  amount: uint128,
  decimals,
  channelId,
  transaction: hash,
  confirmations: z.int().min(1).meta({ description: "Blocks on top of it, its own included." }),
});

export const withdrawalStatus = z.enum(["signed", "queued", "sent", "refused", "settled", "expired"]).meta({
  description:
    "`signed`: its owner may send it. `queued`: it waits to be sent with others. `sent`: it is in a transaction. `refused`: the hub did not take it; its owner may still send it until its deadline. `settled`: it is final on chain. `expired`: it never will be.",
});

export const withdrawalRecord = z.object({
  id: hash.meta({ description: "The withdrawal's struct hash." }),
  commit: unsigned,
  time,
  account: address,
  token: address,
  amount,
  fee: uint128.meta({ description: "What the system kept of it." }),
  decimals,
  recipient: address,
  channelId,
  deadline: uint64.meta({ description: "Unix seconds." }),
  status: withdrawalStatus,
  transaction: hash.nullable().meta({ description: "That carries it, as far as this service sent it." }),
  confirmations: z.int().min(0).nullable().meta({
    description: "Blocks on top of the transaction, its own included; null once it is over, or without one.",
  }),
  reason: z.string().nullable().meta({ description: "Data of the hub's error, where it refused it." }),
  ended: time.nullable().meta({ description: "When it was final on chain, or its deadline was." }),
});
