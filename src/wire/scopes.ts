import * as z from "zod";

const RESOURCES = [
  "accounts",
  "money",
  "channels",
  "assets",
  "systems",
  "events",
  "webhooks",
  "keys",
  "statements",
  "service",
] as const;

/** What a call needs, and a key may hold; neither of `read` and `write` includes the other. */
export const SCOPES = RESOURCES.flatMap((resource) => [`${resource}:read`, `${resource}:write`] as const);

export const scope = z.enum(SCOPES);
export type Scope = z.output<typeof scope>;
