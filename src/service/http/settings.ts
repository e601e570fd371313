import { z } from "zod";

import { CONNECTION_BOUNDS, trustedProxies, type ConnectionBounds } from "../../http";

const domains = z
  .string()
  .regex(/^[\w.:[\]-]+(,[\w.:[\]-]+)*$/)
  .transform((text) => text.split(","));

const rate = (byDefault: number) => z.coerce.number().int().min(0).max(1_000_000_000).default(byDefault);

const connections = (byDefault: number) => z.coerce.number().int().min(1).max(1_000_000).default(byDefault);

/** Settings of the HTTP API. */
export const HTTP_SETTINGS = z.object({
  STARLEDGER_SIGN_IN_DOMAINS: domains
    .optional()
    .describe(
      "Where users may sign in, as what they sign names it: hosts, with their ports, with commas between. Without it, the address that the API listens on.",
    ),
  STARLEDGER_SESSION_SECONDS: z.coerce
    .number()
    .int()
    .min(60)
    .max(86_400)
    .default(3_600)
    .describe("How long a user stays signed in."),
  STARLEDGER_IDEMPOTENCY_HOURS: z.coerce
    .number()
    .int()
    .min(1)
    .max(8_784)
    .default(24)
    .describe("How long an idempotency key is remembered, at least."),
  STARLEDGER_CALLS_PER_ADDRESS: rate(600).describe(
    "Calls per minute from one address (in IPv6: network of 64 bits) that do not say by whom they are; 0 for any number.",
  ),
  STARLEDGER_CALLS_PER_USER: rate(600).describe("Calls per minute by a user who signed in; 0 for any number."),
  STARLEDGER_CALLS_PER_KEY: rate(6_000).describe(
    "Calls per minute by an API key and those that descend from it; 0 for any number. The operator's own are not counted.",
  ),
  STARLEDGER_ALLOWED_ORIGINS: z
    .string()
    .regex(/^https?:\/\/[\w.:[\]-]+(,https?:\/\/[\w.:[\]-]+)*$/)
    .transform((text) => text.split(","))
    .optional()
    .describe("Origins whose pages may call the API (CORS), with commas between. Without it, none."),
  STARLEDGER_TRUSTED_PROXIES: trustedProxies,
  STARLEDGER_CONNECTIONS: connections(CONNECTION_BOUNDS.all).describe(
    "Connections that the process holds at most: fewer than the files that it may open, for its database and nodes need some too.",
  ),
  STARLEDGER_CONNECTIONS_PER_ADDRESS: connections(CONNECTION_BOUNDS.perAddress).describe(
    "Connections of one address (in IPv6: network of 64 bits) at most, proxies aside; one more is cut off at once.",
  ),
  STARLEDGER_NEW_CONNECTIONS: connections(CONNECTION_BOUNDS.perSecond).describe(
    "New connections of one address in a second at most, proxies aside; one more is cut off at once.",
  ),
  STARLEDGER_REQUEST_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(600)
    .default(30)
    .describe("How long a request may take to come in."),
  STARLEDGER_WEBHOOK_TARGETS: z
    .enum(["public", "any"])
    .default("public")
    .describe(
      "Where webhooks may lead: `public` is https to public addresses alone; `any` lets them reach this machine and its network by http too, for tests or where every key that may make webhooks is trusted.",
    ),
  STARLEDGER_MAX_DELAY_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(60_000)
    .default(1_000)
    .describe("How late the process may run before it refuses calls as `overloaded`; 0 for any time."),
});

/** Calls per minute; 0 for as many as anybody likes. */
export interface RateLimits {
  /** Of an address, and of a network of 64 bits in IPv6, for callers who do not say who they are. */
  readonly perAddress: number;
  readonly perUser: number;
  /** Of a key, with those that descend from it. */
  readonly perKey: number;
}

/** How the HTTP API is run. Times are milliseconds. */
export interface HttpSettings {
  /** Origins whose pages may call; none by default. */
  readonly allowedOrigins: readonly string[];
  /** How late whatever waits may be before calls are refused as `overloaded`; 0 for any time. */
  readonly maxDelay: number;
  /** Null: where the API listens. */
  readonly signInDomains: readonly string[] | null;
  readonly sessionTtl: number;
  readonly idempotencyTtl: number;
  readonly rates: RateLimits;
  /** Null: none. */
  readonly trustedProxies: readonly string[] | null;
  readonly connections: ConnectionBounds;
  readonly requestTimeout: number;
  /** Whether webhooks may lead to private addresses, and over plain HTTP. */
  readonly isAnyWebhookTarget: boolean;
}

export function httpSettings(settings: z.output<typeof HTTP_SETTINGS>): HttpSettings {
  return {
    signInDomains: settings.STARLEDGER_SIGN_IN_DOMAINS ?? null,
    sessionTtl: 1_000 * settings.STARLEDGER_SESSION_SECONDS,
    idempotencyTtl: 3_600_000 * settings.STARLEDGER_IDEMPOTENCY_HOURS,
    rates: {
      perAddress: settings.STARLEDGER_CALLS_PER_ADDRESS,
      perUser: settings.STARLEDGER_CALLS_PER_USER,
      perKey: settings.STARLEDGER_CALLS_PER_KEY,
    },
    allowedOrigins: settings.STARLEDGER_ALLOWED_ORIGINS ?? [],
    trustedProxies: settings.STARLEDGER_TRUSTED_PROXIES ?? null,
    connections: {
      all: settings.STARLEDGER_CONNECTIONS,
      perAddress: settings.STARLEDGER_CONNECTIONS_PER_ADDRESS,
      perSecond: settings.STARLEDGER_NEW_CONNECTIONS,
    },
    requestTimeout: 1_000 * settings.STARLEDGER_REQUEST_SECONDS,
    maxDelay: settings.STARLEDGER_MAX_DELAY_MS,
    isAnyWebhookTarget: settings.STARLEDGER_WEBHOOK_TARGETS === "any",
  };
}

export const DEFAULT_HTTP_SETTINGS = httpSettings(HTTP_SETTINGS.parse({}));
