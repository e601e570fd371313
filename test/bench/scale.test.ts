import { expect } from "chai";

import { historyAt } from "../../bench/scale/history";
import { locksAt } from "../../bench/scale/locks";

/** What may be measured of the same on a machine that others use too. */
const NOISE = 3;

describe("Growth (a short npm run bench:scale)", () => {
  it("a lock costs no more than in proportion to those that are pending", async () => {
    const [few, many] = [await locksAt(100), await locksAt(1_000)];
    for (const cost of ["addMicros", "claimMicros", "foldMicros", "expireMicros"] as const) {
      expect(many[cost], cost).to.be.lessThan(NOISE * 10 * few[cost]);
    }
  });

  it("payments, lists, statements and the books cost the same after ten times as many events", async () => {
    const [short, long] = [await historyAt(5_000, 1_000), await historyAt(50_000, 1_000)];
    const costs = [
      "paymentMicros",
      "pageMicros",
      "accountStatementMicros",
      "assetStatementMicros",
      "booksMicros",
    ] as const;
    for (const cost of costs) {
      expect(long[cost], cost).to.be.lessThan(NOISE * short[cost]);
    }
  });
});
