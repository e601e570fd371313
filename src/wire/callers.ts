import * as z from "zod";

import { apiKey, restrictions } from "./apiKeys";
import { scope } from "./scopes";
import { list } from "./values";

/** Who a request's credential makes one, and what it may do. */
export const caller = z.object({
  kind: z.enum(["operator", "key", "user"]),
  id: z.string().meta({ description: "Of an API key its id, of a user the account; else `operator`." }),
  scopes: list(scope),
  restrictions,
  expires: apiKey.shape.expires,
});
