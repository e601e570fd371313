import { z } from "zod";

import { hexadecimal } from "../../../settings";

/** What seals the keys of hosted accounts, and what the operator calls with. */
export const SECRET_SETTINGS = z.object({
  STARLEDGER_KEYSTORE_SECRET: z
    .string()
    .min(16)
    .optional()
    .describe(
      "Secret, 16 characters or more, or where it is. Seals the keys of hosted accounts; the same for the life of the database.",
    ),
  STARLEDGER_KEYSTORE_SALT: hexadecimal(32)
    .optional()
    .describe("32 random bytes as hexadecimal; the same for the life of the database."),
  STARLEDGER_OPERATOR_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/)
    .optional()
    .describe("Secret, 16 printable characters or more. What the operator's calls carry as bearer token."),
});
