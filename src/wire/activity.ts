import * as z from "zod";

import { time } from "./times";
import { address, decimals, list, unsigned } from "./values";

const DAY = 86_400;

/** Periods that one call tells of. */
export const PERIODS = 400;

export const activityQuery = z.strictObject({
  system: address.optional().meta({ description: "Needed where several systems are served." }),
  from: time.meta({ description: "The first period is the one with this moment." }),
  to: time.meta({ description: "The last one begins before this moment." }),
  step: z
    .codec(z.string().regex(/^[1-9][0-9]{0,6}$/, { error: "out_of_range", abort: true }), z.int(), {
      decode: Number,
      encode: String,
    })
    .refine((seconds) => seconds <= 31 * DAY, { error: "out_of_range" })
    .meta({ description: "Seconds that a period has; periods follow each other since 1970, in UTC." }),
});

const base = (description: string) => unsigned.meta({ description });

/** What happened in an asset, period by period; those in which nothing did are left out. */
export const activity = z.object({
  system: address,
  token: address,
  decimals,
  step: z.int(),
  periods: list(
    z.object({
      time: time.meta({ description: "When it begins." }),
      payments: z.int().min(0).meta({ description: "Direct transfers, and conditional payments that were paid." }),
      volume: base("Base units that they moved."),
      issued: base("Base units that were issued."),
      deposited: base("Base units that came from the chain."),
      withdrawn: base("Base units that went to the chain."),
      redeemed: base("Base units that were taken out of circulation."),
      fees: base("Base units that the system kept."),
    }),
  ),
});
