import * as z from "zod";

import { address, signature } from "./values";

const expires = z.iso.datetime().meta({ examples: ["2026-01-31T12:00:00.000Z"] });

export const signInNonce = z.object({
  nonce: z.string().meta({ description: "For one use.", examples: ["b60a335362a79d2a01a1fe23a3aa01af6e03a257"] }),
  expires,
});

export const signInRequest = z.strictObject({
  message: z.string().max(4_096).meta({ description: "As EIP-4361 writes it, with a nonce of the service." }),
  signature: signature.meta({ description: "Of the account's key on the message, as EIP-191 says (personal_sign)." }),
});

export const session = z.object({
  account: address,
  token: z.string().meta({ description: "What the calls of this session carry as bearer token. Secret." }),
  expires,
});

export const signOut = z.object({ account: address });
