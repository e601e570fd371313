import * as z from "zod";

import { pageQuery } from "./pages";
import { scope } from "./scopes";
import { address, amount } from "./values";

const time = z.iso.datetime().meta({ examples: ["2026-01-31T12:00:00.000Z"] });

const CALL = /^(GET|POST|PUT|PATCH|DELETE) \/[\w\-./{}]*$/;

/** As many as one key may name of a kind. */
const MANY = 256;

const anyOf = <T extends z.ZodType>(item: T, description: string) =>
  z.array(item).min(1).max(MANY).readonly().nullable().default(null).meta({ description });

export const limit = z.strictObject({
  token: address,
  amount,
  seconds: z.int().min(1).max(31_622_400).meta({ description: "Periods follow each other since 1970, in UTC." }),
});

export const restrictions = z.strictObject({
  calls: anyOf(z.string().regex(CALL), "Methods and paths as in /openapi.json: `POST /v1/transfers`."),
  accounts: anyOf(address, "The accounts that may be read and acted for."),
  tokens: anyOf(address, "The tokens that may be moved and read of."),
  addresses: anyOf(z.union([z.cidrv4(), z.cidrv6()]), "The networks that calls may come from: `192.0.2.0/24`."),
  limits: anyOf(
    limit,
    "How much may be issued, paid and withdrawn per period and system, fees and closings included; with limits, only tokens that are named.",
  ),
});

/** To what a key is confined; null where it is not. */
export type Restrictions = z.output<typeof restrictions>;

const rights = {
  name: z
    .string()
    .min(1)
    .max(100)
    .meta({ description: "To tell keys apart.", examples: ["till 1"] }),
  scopes: z.array(scope).min(1).readonly(),
  restrictions,
  expires: time.nullable().default(null),
};

export const apiKeyOrder = z.strictObject({ ...rights, restrictions: restrictions.prefault({}) });

const id = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .meta({ examples: ["bb973f865005cdc9212f4234206ab0c0"] });

export const apiKeyPath = z.strictObject({ id });

export const apiKey = z.object({
  id,
  parent: id.nullable().meta({ description: "The key that made it; null for the operator's." }),
  ...rights,
  created: time,
  revoked: time.nullable(),
});

export const newApiKey = apiKey.extend({
  key: z
    .string()
    .meta({ description: "What calls carry as bearer token. Secret, and never shown again.", examples: ["slk_…"] }),
});

export const apiKeyQuery = z.strictObject(pageQuery);
