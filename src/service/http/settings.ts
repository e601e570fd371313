import { z } from "zod";

const domains = z
  .string()
  .regex(/^[\w.:[\]-]+(,[\w.:[\]-]+)*$/)
  .transform((text) => text.split(","));

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
});

/** How the HTTP API is run. Times are milliseconds. */
export interface HttpSettings {
  /** Null: where the API listens. */
  readonly signInDomains: readonly string[] | null;
  readonly sessionTtl: number;
  readonly idempotencyTtl: number;
}

export function httpSettings(settings: z.output<typeof HTTP_SETTINGS>): HttpSettings {
  return {
    signInDomains: settings.STARLEDGER_SIGN_IN_DOMAINS ?? null,
    sessionTtl: 1_000 * settings.STARLEDGER_SESSION_SECONDS,
    idempotencyTtl: 3_600_000 * settings.STARLEDGER_IDEMPOTENCY_HOURS,
  };
}

export const DEFAULT_HTTP_SETTINGS = httpSettings(HTTP_SETTINGS.parse({}));
