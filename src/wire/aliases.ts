import * as z from "zod";

import type { ErrorCode } from "../errors";
import type { Address } from "../protocol";
import { address, unsigned } from "./values";

// Names for accounts: `alice@star.example` is the account that stands for `alice` at the service of that host.

const BAD: ErrorCode = "bad_alias";
/** Letters and digits, with single `.`, `_` or `-` between them. */
const NAME = /^[a-z0-9](?:[._-]?[a-z0-9])*$/;
const HOST = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?$/;
const LENGTH = { least: 3, most: 64 };

/** Who takes one of these for a customer is deceived. */
const RESERVED = new Set([
  ...["abuse", "account", "accounts", "admin", "administrator", "anonymous", "api", "bank", "billing", "console"],
  ...["contact", "hostmaster", "info", "mail", "nobody", "noreply", "null", "official", "operator", "payments"],
  ...["postmaster", "root", "security", "self", "service", "staff", "starledger", "support", "sysadmin", "system"],
  ...["treasury", "undefined", "wallet", "webmaster", "www"],
  // The system's own side of the books.
  ...["deposited", "fees", "issued", "locked", "redeemed", "restored", "settled", "withdrawn"],
]);

/** A name without its host, in lower case whatever case it comes in. */
export const aliasName = z
  .string({ error: BAD })
  .transform((text) => text.toLowerCase())
  .refine(isName, { error: BAD })
  .meta({ description: "3 to 64 letters, digits and single `.`, `_`, `-` between them; case does not matter." });

/** A name, of this service or, with `@` and a host, of that one. */
export interface AliasText {
  readonly name: string;
  readonly host: string | null;
}

/** Whom money goes to: an account by its address, or by a name. */
export const payee = z.codec(z.string({ error: BAD }), z.custom<Address | AliasText>(), {
  decode: (text, context) => {
    const parsed = /^0x/i.test(text) ? z.safeDecode(address, text) : { success: true as const, data: readAlias(text) };
    if (parsed.success && parsed.data !== undefined) return parsed.data;
    const message = parsed.success ? BAD : parsed.error.issues[0]!.message;
    context.issues.push({ code: "custom", message, input: text });
    return z.NEVER;
  },
  encode: (to) => (typeof to === "string" ? to : to.host === null ? to.name : `${to.name}@${to.host}`),
});

/** Reads `name` or `name@host`, in any case; undefined if it is neither. */
export function readAlias(text: string): AliasText | undefined {
  const [name = "", host, ...rest] = text.toLowerCase().split("@");
  const isHost = host === undefined || HOST.test(host);
  return rest.length === 0 && isHost && isName(name) ? { name, host: host ?? null } : undefined;
}

function isName(name: string): boolean {
  const { least, most } = LENGTH;
  // What looks like an address is none.
  const isWellFormed = name.length >= least && name.length <= most && NAME.test(name) && !name.startsWith("0x");
  return isWellFormed && !RESERVED.has(name);
}

export const aliasChange = z.strictObject({ name: aliasName });

export const alias = z.object({
  alias: z.string().meta({
    description: "The name with the host of this service: `alice@star.example`.",
    examples: ["alice@star.example"],
  }),
  account: address.meta({ description: "What is signed always names the address: show it to who signs." }),
  system: address,
  chainId: unsigned,
  hub: address,
});

/** What other hosts ask (RFC 7033). */
export const webFingerQuery = z.object({
  resource: z
    .string()
    .regex(/^acct:.+@.+$/i, { error: BAD })
    .meta({ description: "`acct:` and a name with its host." }),
});

export const webFinger = z.object({
  subject: z.string(),
  properties: z.object({
    "urn:starledger:account": address,
    "urn:starledger:system": address,
    "urn:starledger:chain": unsigned,
    "urn:starledger:hub": address,
  }),
});
