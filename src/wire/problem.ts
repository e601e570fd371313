import * as z from "zod";

/** A refusal, as RFC 9457 says it. */
export const problem = z.object({
  type: z.string().meta({ description: "`urn:starledger:error:` and the code." }),
  title: z.string().meta({ description: "What the code means." }),
  status: z.int().meta({ description: "The HTTP status." }),
  detail: z.string().meta({ description: "The title with the details." }),
  code: z.string().meta({ description: "Stable: see docs/ERRORS.md." }),
  retryable: z.boolean().meta({ description: "Whether the same request can succeed later." }),
  hint: z.string().meta({ description: "What to do next." }),
  details: z.record(z.string(), z.string()).meta({ description: "What was got and what was expected." }),
});

export const PROBLEM_TYPE = "application/problem+json";
