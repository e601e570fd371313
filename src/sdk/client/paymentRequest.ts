import { fail, StarledgerError } from "../../errors";
import {
  toAddress,
  toHash,
  UINT128_MAX,
  within,
  ZERO_HASH,
  type Address,
  type Domain,
  type Hash,
} from "../../protocol";

/** What somebody asks to be paid directly: a link or a code to scan, which nobody needs to sign. */
export interface PaymentRequest {
  readonly domain: Domain;
  readonly system: Address;
  readonly to: Address;
  readonly token: Address;
  /** Base units; the payer chooses unless given. */
  readonly amount?: bigint;
  /** What tells the payee which payment it is. */
  readonly reference?: Hash;
}

const SCHEME = "starledger:";

/** A request as a link: `starledger:PAYEE?chain=…&hub=…&system=…&token=…`, with amount and reference where given. */
export function formatRequest({ domain, system, to, token, amount, reference }: PaymentRequest): string {
  const fields = new URLSearchParams({ chain: String(domain.chainId), hub: domain.hub, system, token });
  if (amount !== undefined) fields.set("amount", String(amount));
  if (reference !== undefined && reference !== ZERO_HASH) fields.set("reference", reference);
  return `${SCHEME}${to}?${fields.toString()}`;
}

/**
 * Reads a link. What it names is whoever wrote it wants to be paid: the payer's program shows it before it pays.
 * @throws invalid_input naming the field
 */
export function parseRequest(text: string): PaymentRequest {
  const [payee = "", query = ""] = text.startsWith(SCHEME) ? text.slice(SCHEME.length).split("?") : [];
  const fields = new URLSearchParams(query);
  const read = <T>(name: string, parse: (text: string) => T, given = fields.get(name)): T => {
    try {
      return parse(given ?? fail("invalid_input"));
    } catch (error) {
      const reason = error instanceof StarledgerError ? error.code : "malformed";
      return fail("invalid_input", { field: name, reason });
    }
  };
  const optional = <T>(name: string, parse: (text: string) => T) =>
    fields.has(name) ? { [name]: read(name, parse) } : {};
  return {
    to: read("payee", toAddress, payee),
    domain: { chainId: read("chain", number), hub: read("hub", toAddress) },
    system: read("system", toAddress),
    token: read("token", toAddress),
    ...optional("amount", (amount) => within(number(amount), 1n, UINT128_MAX, "amount")),
    ...optional("reference", toHash),
  };
}

function number(text: string): bigint {
  return /^\d{1,39}$/.test(text) ? BigInt(text) : fail("out_of_range", { got: text });
}
