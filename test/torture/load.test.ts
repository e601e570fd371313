import { expect } from "chai";

import { tryLoad } from "../../scripts/torture/load/trial";

describe("npm run torture:load", () => {
  it("case 32: customers are served, and nothing is lost, while all kinds of abusers are at the service", async () => {
    const { before, during, after, memory, abusers, acknowledged, ...rest } = await tryLoad({
      ...{ store: "sqlite", seconds: 1, calm: 0.5, honest: { hosted: 4, own: 1 }, seed: "short", say: () => undefined },
      ...{ idle: 100, silent: 20, slow: 10, unread: 5, floods: 1 },
    });
    const { lost, doubled, uncalled, wrongBalances, differences, died } = rest;
    expect({ lost, doubled, uncalled, wrongBalances, differences, died }).to.deep.equal({
      ...{ lost: 0, doubled: 0, uncalled: 0, wrongBalances: 0, differences: 0, died: false },
    });
    for (const { calls } of [before, during, after]) expect(calls).to.be.greaterThan(0);
    expect(acknowledged).to.be.greaterThan(0);
    expect(memory.most.resident).to.be.below(1_024);
    expect(abusers["idle"]).to.deep.equal({ opened: 100 });
    // None goes untold: what is ended comes back, and what is there at the end is held.
    for (const [abuser, count] of Object.entries({ silent: 20, slowHead: 10, slowBody: 10, unreadAnswer: 5 })) {
      const told = Object.values(abusers[abuser] ?? {}).reduce((sum, times) => sum + times, 0);
      expect(told, abuser).to.be.at.least(count);
    }
    // How many calls each has had time for is the machine's affair, not how they end.
    for (const [abuser, outcome] of Object.entries({ hugeBody: "413", hugeChunkedBody: "413", deepBody: "400" })) {
      // Whoever goes on sending may be cut off before it has read why.
      expect([outcome, "cut"], abuser).to.include.members(Object.keys(abusers[abuser] ?? {}));
    }
  });
});
