import { expect } from "chai";
import fc from "fast-check";

import { feesFor, patienceFor, type Fees } from "../../../src/chain/outbox";

const GWEI = 10n ** 9n;
const policy = { cap: 500n * GWEI, patience: 60n };

describe("feesFor", () => {
  it("offers twice the base fee, and a tip that doubles with every attempt", () => {
    const market = { baseFee: 10n * GWEI, tip: GWEI };
    const first = feesFor(market, [], policy)!;
    expect(first).to.deep.equal({ maxFee: 21n * GWEI, tip: GWEI });
    const second = feesFor(market, [first], policy)!;
    expect(second).to.deep.equal({ maxFee: 23_730_000_000n, tip: 2n * GWEI });
    expect(feesFor({ ...market, baseFee: 100n * GWEI }, [first, second], policy)).to.deep.equal({
      maxFee: 204n * GWEI,
      tip: 4n * GWEI,
    });
  });

  it("is enough for nodes to replace the one before, never beyond the cap, or nothing at all", () => {
    const fee = fc.bigInt({ min: 0n, max: 600n * GWEI });
    const sequence = fc.array(fc.record({ baseFee: fee, tip: fee }), { maxLength: 12 });
    fc.assert(
      fc.property(sequence, (markets) => {
        const offered: Fees[] = [];
        for (const market of markets) {
          const fees = feesFor(market, offered, policy);
          if (fees === undefined) continue;
          const last = offered.at(-1);
          expect(fees.maxFee <= policy.cap && fees.tip <= fees.maxFee && fees.maxFee >= market.baseFee).to.equal(true);
          if (last)
            expect(fees.maxFee * 100n >= last.maxFee * 113n && fees.tip * 100n >= last.tip * 113n).to.equal(true);
          offered.push(fees);
        }
      }),
    );
  });
});

describe("patienceFor", () => {
  it("falls towards the deadline, to a few seconds", () => {
    expect([null, 1_000n, 240n, 80n, 10n, -5n].map((left) => patienceFor(policy, 0n, left))).to.deep.equal([
      60n,
      60n,
      30n,
      10n,
      4n,
      4n,
    ]);
  });
});
