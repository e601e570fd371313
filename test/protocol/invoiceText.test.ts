import { bech32m } from "@scure/base";
import { expect } from "chai";
import fc from "fast-check";

import { StarledgerError } from "../../src/errors";
import { decodeInvoice, encodeInvoice, type Signature, type SignedInvoice } from "../../src/protocol";
import { expectError } from "../helpers/errors";
import { address, hash, uint } from "./arbitrary";

const signature = fc
  .uint8Array({ minLength: 65, maxLength: 65 })
  .map((bytes) => `0x${Buffer.from(bytes).toString("hex")}` as Signature);
const signed: fc.Arbitrary<SignedInvoice> = fc.record({
  invoice: fc.record({ hash, amount: uint(128n), token: address, expiry: uint(64n), account: address, memo: hash }),
  signature,
});
const SAMPLE = fc.sample(signed, { numRuns: 1, seed: 7 })[0]!;
const CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

const sample = encodeInvoice(SAMPLE);
const bytes = (text: string) => bech32m.fromWords(bech32m.decode(text as `${string}1${string}`, false).words);
const text = (content: Uint8Array, prefix = "sl") => bech32m.encode(prefix, bech32m.toWords(content), false);

describe("an invoice's text", () => {
  it("carries all of the invoice, in lower and in upper case", () => {
    fc.assert(
      fc.property(signed, (one) => {
        const written = encodeInvoice(one);
        expect(written).to.match(/^sl1[a-z0-9]+$/);
        expect(decodeInvoice(written)).to.deep.equal(one);
        expect(decodeInvoice(written.toUpperCase())).to.deep.equal(one);
      }),
    );
  });

  it("fits a QR code of medium size: alphanumeric mode takes 535 characters at version 13-L", () => {
    expect(sample).to.have.length(3 + Math.ceil((194 * 8) / 5) + 6);
  });

  it("is refused with any one letter changed, left out, doubled or swapped with its neighbour", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: sample.length - 2 }),
        fc.constantFrom(...CHARSET.split("")),
        (at, letter) => {
          const [head, tail, own] = [sample.slice(0, at), sample.slice(at + 1), sample[at]!];
          const next = sample[at + 1]!;
          const misspelt = [
            head + letter + tail,
            head + tail,
            head + own + own + tail,
            head + next + own + tail.slice(1),
          ];
          for (const one of misspelt) {
            if (one !== sample)
              expect(() => decodeInvoice(one), one)
                .to.throw(StarledgerError)
                .with.property("code", "invalid_invoice");
          }
        },
      ),
    );
  });

  it("of another prefix, layout or length, of mixed case, or of anything else is refused", async () => {
    const content = bytes(sample);
    const refused = [
      ...["", "sl1", "sl", "1", "lnbc1qqqq", `${sample} `, ` ${sample}`, sample.slice(0, -1)],
      sample.slice(0, 20).toUpperCase() + sample.slice(20),
      text(content, "ls"),
      text(Uint8Array.from([2, ...content.slice(1)])),
      text(content.slice(0, -1)),
      text(Uint8Array.from([...content, 0])),
      text(new Uint8Array()),
      text(Uint8Array.from([1])),
    ];
    for (const one of refused) await expectError(() => decodeInvoice(one), "invalid_invoice");
  });

  it("is nothing else that anybody may send: fuzz", () => {
    const withChecksum = fc.uint8Array({ maxLength: 400 }).map((content) => text(content));
    const anything = fc.oneof(
      fc.string(),
      fc.string({ unit: "binary" }),
      fc.string().map((s) => `sl1${s}`),
      withChecksum,
    );
    fc.assert(
      fc.property(anything, (one) => {
        try {
          expect(encodeInvoice(decodeInvoice(one))).to.equal(one);
        } catch (error) {
          expect(error).to.be.instanceOf(StarledgerError).with.property("code", "invalid_invoice");
        }
      }),
      { numRuns: 500 },
    );
  });
});
