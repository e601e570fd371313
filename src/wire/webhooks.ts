import * as z from "zod";

import { event, eventType } from "./events";
import { pageQuery } from "./pages";
import { time } from "./times";
import { address, list, uint64, unsigned } from "./values";

const MOST_TYPES = 64;

const id = z
  .string()
  .regex(/^wh_[0-9a-f]{32}$/)
  .meta({ examples: ["wh_bb973f865005cdc9212f4234206ab0c0"] });

const terms = {
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_048)
    .meta({ description: "Of https, to a public address." }),
  description: z.string().max(200),
  types: list(eventType, MOST_TYPES, 1).nullable().meta({ description: "Null: of every type." }),
  account: address.nullable().meta({ description: "Null: of every account; else only what concerns this one." }),
};

const after = uint64.meta({ description: "The event after which it goes on, or begins; by default the newest." });

export const webhookOrder = z.strictObject({
  system: address.optional().meta({ description: "Needed where several systems are served and no account is named." }),
  ...terms,
  description: terms.description.default(""),
  types: terms.types.default(null),
  account: terms.account.default(null),
  after: after.optional(),
});

export const webhookChange = z
  .strictObject({
    ...terms,
    status: z.enum(["enabled", "disabled"]),
    after: after.meta({ description: "Deliver again everything after this event." }),
  })
  .partial();

export const webhookPath = z.strictObject({ id });

export const webhookQuery = z.strictObject({
  ...pageQuery,
  system: address.optional().meta({ description: "Needed where several systems are served." }),
});

export const webhook = z.object({
  id,
  system: address,
  owner: z.string().meta({ description: "The caller who made it: an API key's id, or `operator`." }),
  ...terms,
  status: z.enum(["enabled", "disabled", "failed"]).meta({
    description: "`failed`: it took nothing for three days, or said 410, and was given up. Enabled again, it goes on.",
  }),
  position: unsigned.meta({ description: "The last event that it took, or was asked to go on after." }),
  failures: z.int().meta({ description: "Attempts in a row that failed." }),
  failingSince: time.nullable(),
  nextAttempt: time.nullable().meta({ description: "Not before; null while nothing fails." }),
  formerSecretUntil: time.nullable().meta({ description: "Until when the secret before signs too." }),
  created: time,
});

const secret = z.string().meta({ description: "What its deliveries are signed with. Never shown again." });

export const newWebhook = webhook.extend({ secret });

export const newWebhookSecret = z.object({
  secret,
  formerSecretUntil: time.nullable().meta({ description: "Until when the secret before signs too." }),
});

export const deliveryQuery = z.strictObject(pageQuery);

/** One attempt. */
export const delivery = z.object({
  id: z.string(),
  event: unsigned.nullable().meta({ description: "The number of the event that it told of; null for a test." }),
  time,
  taken: z.boolean().meta({ description: "Whether its receiver answered with a status from 200 to 299." }),
  status: z.int().nullable().meta({ description: "Of HTTP; null where there was no answer." }),
  response: z.string().meta({ description: "The answer's beginning, or why there was none." }),
  milliseconds: z.int(),
});

export const redelivery = z.strictObject({ event: uint64 });

/** What a test says; every other delivery is an {@link event}. */
export const webhookPing = z.object({ type: z.literal("webhook.ping"), system: address, webhook: id, time });

/** The body of a delivery. */
export const webhookBody = z.union([event, webhookPing]);
