import * as z from "zod";

import { address, decimals, list, uint128 } from "./values";

const basisPoints = z.codec(z.int().min(0).max(10_000), z.bigint(), { decode: BigInt, encode: Number });

export const feeRate = z.strictObject({
  flat: uint128.prefault("0"),
  basisPoints: basisPoints.prefault(0).meta({ description: "Hundredths of a percent of the amount, rounded up." }),
  min: uint128.prefault("0"),
  max: uint128.nullable().default(null).meta({ description: "Null for no upper bound." }),
});

export const feeSchedule = z
  .strictObject({
    transfer: feeRate.optional(),
    payment: feeRate.optional(),
    redemption: feeRate.optional(),
    withdrawal: feeRate.optional(),
  })
  .meta({
    description:
      "Base units per direct transfer, conditional payment, redemption and withdrawal to the chain; what is not named is free.",
  });

export const assetFees = z.object({ system: address, token: address, decimals, fees: feeSchedule });

const bound = uint128.nullable();

export const limits = z.strictObject({
  perPayment: bound.meta({ description: "Of one transfer, conditional payment or redemption. Null for no limit." }),
  perDay: bound.meta({ description: "Of all of them from midnight to midnight UTC. Null for no limit." }),
  balance: bound.meta({ description: "What being paid may bring an account to. Null for no limit." }),
});

export const assetLimits = z.object({ system: address, token: address, decimals, limits });

export const feeWaiver = z.strictObject({ token: address, waived: z.boolean() });

export const accountLimiting = z.strictObject({
  token: address,
  limits: limits.nullable().meta({ description: "Null for those of the asset." }),
});

export const accountTerms = z.object({
  account: address,
  terms: list(
    z.object({
      token: address,
      decimals,
      feesWaived: z.boolean(),
      limits: limits.meta({ description: "What holds for the account." }),
      own: limits.nullable().meta({ description: "What was set for the account alone." }),
    }),
  ),
});
