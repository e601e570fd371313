import { expect } from "chai";

import { tryTower } from "../../scripts/torture/watchtower/trial";

/** One of each kind takes six transactions: an old state, a hidden note, and a lock's preimage besides both. */
const [CLOSES, TRANSACTIONS] = [8, 12];

describe("npm run torture:watchtower", () => {
  it("cases 19 and 20: a system that cheats everybody at once is answered in time, once each, by a watchtower that is killed while the fees rise tenfold", async () => {
    const { closes, answered, late, penaltiesPaid, mismatches, kills, transactions, ...rest } = await tryTower({
      ...{ closes: CLOSES, kills: 1, period: 3_600n, pace: 50 },
      say: () => undefined,
    });
    expect({ closes, answered, late, penaltiesPaid, mismatches, kills, transactions }).to.deep.equal({
      ...{ closes: CLOSES, answered: CLOSES, late: 0, penaltiesPaid: CLOSES, mismatches: 0, kills: 1 },
      transactions: TRANSACTIONS,
    });
    expect(rest.baseFeeTo / rest.baseFeeFrom).to.be.at.least(10);
    expect(rest.attempts).to.be.above(transactions);
  });
});
