import { expect } from "chai";
import fc from "fast-check";
import { z } from "zod";

import { clientMessage } from "../../src/wire";
import { readSubmission } from "../../src/wire/submission";
import { submission } from "./arbitrary";

type Fields = Record<string, unknown>;

/** Valid ones, as JSON. */
const content = submission.map((one) => {
  const operations = one.body.operations.map((item) =>
    "amount" in item ? { ...item, amount: item.amount || 1n } : item,
  );
  return z.encode(clientMessage, { ...one, body: { ...one.body, operations } });
});
/** What a field may be given instead: of another kind, at or beyond its bounds, written in another way. */
const other = fc.oneof(
  fc.jsonValue({ maxDepth: 1 }),
  fc.constantFrom("0", "-0", "01", "+1", "1n", "", " 1", "-1", "0x", "toString", "__proto__", "pay", "fee", "lock"),
  fc.constantFrom(
    ...[63n, 64n, 127n, 128n].flatMap((bits) => [2n ** bits - 1n, 2n ** bits, -(2n ** bits)].map(String)),
  ),
  fc.constantFrom(40, 64, 130).map((digits) => `0x${"aB".repeat(digits / 2)}`),
  fc.constantFrom("pay", "fee").map((type) => [type]),
);

/** All objects and lists in it. */
function parts(value: unknown): Fields[] {
  if (typeof value !== "object" || value === null) return [];
  return [value as Fields, ...Object.values(value).flatMap(parts)];
}

/** What the schema makes of it, as far as it is a submission. */
function bySchema(message: unknown): unknown {
  const { data } = clientMessage.safeParse(message);
  return data?.type === "submitState" ? data : undefined;
}

describe("A submission in JSON, read without its schema", () => {
  it("is what the schema makes of it", () => {
    fc.assert(
      fc.property(content, (message) => {
        expect(readSubmission(message)).to.deep.equal(clientMessage.parse(message));
      }),
    );
  });

  it("is read as the schema reads it, or not at all, with any field changed, left out or added", () => {
    const change = fc.record({ part: fc.nat(), field: fc.nat(), value: fc.option(other, { nil: undefined }) });
    const added = fc.constantFrom("memo", "extra", "type", "__proto__");
    fc.assert(
      fc.property(
        content,
        fc.array(change, { minLength: 1, maxLength: 3 }),
        fc.option(added),
        (message, changes, more) => {
          const changed = structuredClone(message);
          for (const { part, field, value } of changes) {
            const all = parts(changed);
            const of = all[part % all.length]!;
            const names = Object.keys(of);
            const name = names[field % names.length] ?? more ?? "extra";
            if (value === undefined) Reflect.deleteProperty(of, name);
            else Object.defineProperty(of, name, { value, enumerable: true, configurable: true, writable: true });
          }
          if (more !== null) Object.defineProperty(changed, more, { value: "1", enumerable: true, configurable: true });
          expect(readSubmission(changed)).to.deep.equal(bySchema(changed));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("is none where it is no message at all", () => {
    for (const message of [null, undefined, 1, "submitState", [], {}, { type: "ping", id: "1" }]) {
      expect(readSubmission(message)).to.equal(undefined);
    }
  });
});
