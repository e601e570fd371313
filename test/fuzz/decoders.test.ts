import { expect } from "chai";

import { take } from "../../scripts/fuzz/decoder";
import { decoders } from "../../scripts/fuzz/decoders";
import { fuzz } from "../../scripts/fuzz/fuzz";
import { temporaryFolder } from "../helpers/temporaryFolder";

/** Messages for each decoder. */
const ROUNDS = 100;

/** What decoders once neither read nor refused. */
const FORMER: Readonly<Record<string, readonly ((sample: string) => string)[]>> = {
  "wallet's file": [
    (sample) => `${sample}null\n`,
    (sample) => `${sample}7\n`,
    (sample) => sample.replace(/"completed":\{.*\}/, '"completed":null,"time":"4n"}'),
  ],
  backup: [3, 0, -2, 1.5, 2 ** 30].map((N) => (sample: string) => sample.replace('"N":2', `"N":${N}`)),
  "block, for a wallet": [() => "{}", () => "7", (sample) => sample.replace('"0x10"', '"many"')],
  "block, for the service": [() => "{}", () => "7", (sample) => sample.replace('"0x10"', '"many"')],
  "logs, for a wallet": [() => "{}", () => "[null]", (sample) => sample.replace('"0x10"', '"many"')],
  "events of the chain": [() => "{}", () => "[null]", (sample) => sample.replace(/("data":"0x)\w+/, "$101")],
  "chain's id": [() => "null", () => '"many"'],
};

describe("npm run fuzz:decoders", () => {
  it("case 32: whatever nearly real message a decoder is given, it reads it or refuses it by a code", async () => {
    const seed = process.env["STARLEDGER_FUZZ_SEED"] ?? String(Date.now());
    console.log(`      seed ${seed}`);
    let rounds = 0;
    const tally = await fuzz(seed, () => rounds++ === ROUNDS);
    for (const [name, { valid, refused }] of Object.entries(tally)) {
      expect(valid + refused, name).to.equal(ROUNDS);
      expect(refused, name).to.be.greaterThan(0);
    }
  });

  it("refuses what was once taken for a failure of its own", async function () {
    const all = decoders(temporaryFolder(this));
    for (const [name, changes] of Object.entries(FORMER)) {
      const one = all.find((known) => known.name === name)!;
      const sample = one.samples[0]!.toString("latin1");
      for (const change of changes) {
        expect(change(sample), name).not.to.equal(sample);
        expect(await take(one, Buffer.from(change(sample), "latin1")), name).to.equal("refused");
      }
    }
  });
});
