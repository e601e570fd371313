import * as z from "zod";

import { feeSchedule, limits } from "./fees";
import { count } from "./pages";
import { assetSettings, pauseCause } from "./systems";
import { time } from "./times";
import { address, channelId, decimals, hash, int128, list, uint128, uint64, unsigned } from "./values";

const CONTRA_ACCOUNTS = [
  "issued",
  "deposited",
  "withdrawn",
  "redeemed",
  "settled",
  "locked",
  "fees",
  "restored",
] as const;
const contraAccount = z.enum(CONTRA_ACCOUNTS);

/** An account of the books: a customer's, or one of the system's own. */
export const ledgerAccount = z.union([address, contraAccount]);

const common = {
  system: address.meta({ description: "Whose log it is in." }),
  number: unsigned.meta({ description: "From 1 on, without gaps, per system." }),
  commit: unsigned,
  time,
  account: ledgerAccount.nullable().meta({ description: "Whom it is about; of money that moves, whose it was." }),
  counterparty: ledgerAccount.nullable().meta({ description: "Of money that moves, whose it is now." }),
  party: address.nullable().meta({ description: "Whom it concerns besides." }),
  token: address.nullable(),
  amount: uint128.nullable().meta({ description: "Base units that moved; null where no money did." }),
  reference: hash.meta({
    description:
      "The payer's mark, the hash of a lock, or the hash of what was signed; of a refund, what names the payment; else zero.",
  }),
};

const inChannel = { channelId: channelId.optional() };
const inState = { ...inChannel, version: uint64.optional() };

function of<Type extends string, Data extends z.ZodRawShape>(type: Type, data: Data) {
  return z.object({ ...common, type: z.literal(type), data: z.object(data) });
}

/** Everything that can happen. `data` is what each type says besides; an older program may have left some of it out. */
export const event = z.discriminatedUnion("type", [
  of("account.opened", { custody: z.enum(["self", "hosted"]), tokens: list(address) }),
  of("account.tokensAdded", { tokens: list(address) }),
  of("account.frozen", {}),
  of("account.unfrozen", {}),
  of("account.closed", {}),
  of("asset.added", { decimals, settings: assetSettings, allotment: unsigned, limit: unsigned }),
  of("asset.limitChanged", { limit: unsigned, before: unsigned }),
  of("asset.feesChanged", { fees: feeSchedule }),
  of("asset.limitsChanged", { limits }),
  of("asset.paused", { cause: pauseCause }),
  of("asset.resumed", {}),
  of("asset.dataLost", { until: uint64 }),
  of("account.termsChanged", { feesWaived: z.boolean(), limits: limits.nullable() }),
  of("invoice.created", { amount: uint128, expiry: uint64, hold: z.boolean() }),
  of("invoice.cancelled", {}),
  of("invoice.expired", {}),
  of("money.issued", { ...inChannel, seq: uint64.optional() }),
  of("money.transferred", inState),
  of("money.redeemed", inState),
  of("money.refunded", { ...inState, seq: uint64.optional(), mark: hash }),
  of("payment.locked", {
    ...inState,
    fee: uint128.optional(),
    expiry: uint64.optional(),
    payeeExpiry: uint64.optional(),
    mark: hash.optional(),
  }),
  of("payment.settled", { preimage: hash.optional() }),
  of("payment.leftToChain", inChannel),
  of("payment.failed", { reason: z.enum(["released", "expired"]), amount: uint128 }),
  of("payment.returned", inState),
  of("fee.charged", {}),
  of("deposit.credited", inChannel),
  of("withdrawal.signed", {
    channelId,
    amount: uint128,
    fee: uint128.optional(),
    withdrawn: uint128,
    reclaimed: uint128,
    recipient: address,
    deadline: uint64,
  }),
  of("withdrawal.settled", inChannel),
  of("withdrawal.expired", { channelId }),
  of("closing.signed", { channelId, net: int128, deadline: uint64 }),
  of("closing.expired", { channelId }),
  of("channel.frozen", { channelId }),
  of("channel.closing", {
    channelId,
    transaction: hash,
    by: z.enum(["user", "system"]),
    humble: z.boolean(),
    version: uint64,
    challengeEnd: uint64,
  }),
  of("channel.challenged", { channelId, transaction: hash, version: uint64 }),
  of("channel.penalised", { channelId, transaction: hash }),
  of("channel.unfrozen", { channelId }),
  of("channel.resynchronised", { channelId, version: uint64, seq: uint64 }),
  of("channel.settled", inChannel),
  of("webhook.givenUp", { webhook: z.string(), position: uint64 }),
]);

export const eventType = z.enum(event.options.map(({ shape }) => shape.type.value));

/** Names with commas between. */
const types = z
  .codec(z.string(), list(eventType), { decode: (text) => text.split(",") as never, encode: (all) => all.join(",") })
  .meta({ description: "Types with commas between." });

const EVENTS = { most: 1_000, unlessSaid: 100 };

export const eventQuery = z.strictObject({
  system: address.optional().meta({ description: "Needed where several systems are served and no account is named." }),
  after: unsigned.prefault("0").meta({ description: "Only events with a higher number." }),
  before: uint64.optional().meta({ description: "Only events with a lower number." }),
  order: z.enum(["ascending", "descending"]).optional().meta({ description: "Oldest first unless said." }),
  limit: count(EVENTS.most, EVENTS.unlessSaid),
  type: types.optional(),
  account: address.optional(),
  token: address.optional(),
});

export const events = z.object({
  data: list(event),
  last: unsigned.meta({ description: "The number to go on after; newest first, to go on before." }),
  hasMore: z.boolean(),
});
