import { z } from "zod";

import { address, amount, hash, unsigned } from "./values";

const side = z.string().nullable();

/** JSON without the numbers that it would lose digits of. */
const data = z.codec(z.record(z.string(), z.json()), z.custom<object>(), {
  decode: (value) => value,
  encode: (value) => JSON.parse(JSON.stringify(value, decimal)) as Record<string, z.core.util.JSONType>,
});

/** Unix milliseconds, for people to read. */
const time = z.codec(z.iso.datetime(), z.number(), {
  decode: (text) => Date.parse(text),
  encode: (milliseconds) => new Date(milliseconds).toISOString(),
});

/** An event of a system's log. */
export const loggedEvent = z.object({
  system: address,
  number: unsigned,
  commit: unsigned,
  time,
  type: z.string(),
  account: side,
  counterparty: side,
  party: address.nullable(),
  token: address.nullable(),
  amount: amount.nullable(),
  reference: hash,
  data,
});

function decimal(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
