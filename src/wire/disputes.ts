import * as z from "zod";

import { address, channelId, decimals, hash, list, uint64 } from "./values";
import { pageQuery } from "./pages";

export const disputeQuery = z.strictObject({
  ...pageQuery,
  system: address.optional().meta({ description: "Needed where several systems are served." }),
});

const seconds = "Unix seconds.";

/** A close that is pending, with its clock. */
export const dispute = z.object({
  channelId,
  account: address,
  token: address,
  decimals,
  by: z.enum(["user", "system"]).meta({ description: "Who closed." }),
  humble: z.boolean(),
  transaction: hash.meta({ description: "That closed." }),
  version: uint64.meta({ description: "Of the state that was closed with." }),
  standing: uint64.meta({ description: "Of the state that stands." }),
  latest: uint64.meta({ description: "Of the latest complete state, as this service has it." }),
  challengeEnd: uint64.meta({ description: `Until when newer states can be shown. ${seconds}` }),
  settleableFrom: uint64.meta({ description: seconds }),
  systemCheated: z.boolean(),
  due: list(z.enum(["state", "locks", "note"])).meta({ description: "What is still to be shown, in this order." }),
  deadline: uint64.nullable().meta({ description: `Until when what is being sent must be mined. ${seconds}` }),
  late: z.boolean().meta({ description: "The deadline comes near, and what answers is not mined." }),
  sent: list(
    z.object({
      name: z.string().meta({ description: "What it is for." }),
      status: z.enum(["waiting", "sent", "done", "failed", "cancelled"]),
      transaction: hash.nullable(),
    }),
  ).meta({ description: "What is on its way to the chain for it." }),
});
