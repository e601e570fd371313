import { z } from "zod";

/** Where the process listens, and what it stores, logs and tells. */
export const PROCESS_SETTINGS = z.object({
  STARLEDGER_CONFIG: z
    .string()
    .optional()
    .describe(
      "A file of YAML or JSON with settings: `operatorKey` in it is `STARLEDGER_OPERATOR_KEY` here, which wins; `npm start -- --config FILE` names it too.",
    ),
  STARLEDGER_HOST: z.string().default("127.0.0.1").describe("The address that the API listens on."),
  STARLEDGER_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(8080)
    .describe("Its TCP port; 0 takes a free one."),
  STARLEDGER_STORE: z
    .string()
    .default("sqlite:starledger.db")
    .describe("The database: `sqlite:FILE` or `postgres://USER:PASSWORD@HOST/DATABASE`. Secret, if it has a password."),
  STARLEDGER_LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "silent"])
    .default("info")
    .describe("What is logged, as lines of JSON on standard error."),
  STARLEDGER_RECONCILIATION_INTERVAL: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 20)
    .default(3600)
    .describe(
      "Seconds between two reconciliations of memory, log, store and chain (docs/RECONCILIATION.md); 0 for none.",
    ),
  STARLEDGER_TRACES_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Where spans of requests and commits are sent, by OTLP over HTTP, as `http://127.0.0.1:4318/v1/traces`."),
});
