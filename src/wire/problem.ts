import * as z from "zod";

/** A refusal, as RFC 9457 says it. */
export const problem = z.object({
  type: z.string().meta({ description: "`urn:starledger:error:` and the code." }),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string().meta({ description: "Stable: see docs/ERRORS.md." }),
  retryable: z.boolean().meta({ description: "Whether the same request can succeed later." }),
  hint: z.string(),
  details: z.record(z.string(), z.string()).meta({ description: "What was got and what was expected." }),
});

export const PROBLEM_TYPE = "application/problem+json";
