import * as z from "zod";

import { address, channelId, list, unsigned } from "./values";

const difference = z.object({
  kind: z.string().meta({ description: "See docs/RECONCILIATION.md." }),
  token: address.nullable(),
  account: z.string().nullable().meta({ description: "A customer's address, or `locked`." }),
  channel: channelId.nullable(),
  field: z.string().nullable(),
  got: z.string().meta({ description: "What the record says: a number, or JSON." }),
  want: z.string().meta({ description: "What the other records lead to." }),
});

export const reconciliations = z.object({
  systems: list(
    z.object({
      system: address,
      commit: unsigned.meta({ description: "The last one that was taken into account." }),
      chain: z.boolean().meta({ description: "Whether the chain was read too." }),
      total: z.int().min(0).meta({ description: "Differences in all." }),
      differences: list(difference).meta({ description: "The first thousand of them." }),
    }),
  ),
});
