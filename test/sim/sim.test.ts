import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";

import { expect } from "chai";

import { SqliteStore } from "../../src/store/sqlite";
import { shrink } from "./shrink";
import { replay, simulate } from "./simulation";

/** Another one with every commit; `npm run sim -- --seed` runs it again. */
const SEED = commit() ?? randomUUID();
const STEPS = 500;

describe("the simulation", function () {
  this.timeout(120_000);

  it(`case 23: loses and doubles nothing whatever the network and crashes do (seed ${SEED}, ${STEPS} steps)`, async () => {
    const run = await simulate(SEED, STEPS);
    expect(run.violation).to.equal(undefined);
    expect(run.choices).to.have.lengthOf(STEPS);
  });

  it("is the same again with the same seed, and from its choices alone", async () => {
    const first = await simulate("a seed", 80);
    const [again, replayed] = [await simulate("a seed", 80), await replay("a seed", first.choices)];
    expect(again).to.deep.equal(first);
    expect(replayed).to.deep.equal(first);
    expect((await simulate("another", 80)).hash).not.to.equal(first.hash);
  });

  describe("given a store that acknowledges a commit in ten without keeping it", () => {
    const real = Object.getOwnPropertyDescriptor(SqliteStore.prototype, "commit") as { value: SqliteStore["commit"] };

    before(() => {
      let commits = 0;
      SqliteStore.prototype.commit = function (made, lease) {
        commits = made.id === 1n ? 1 : commits + 1;
        return commits > 20 && commits % 10 === 0 ? Promise.resolve() : real.value.call(this, made, lease);
      };
    });
    after(() => Object.defineProperty(SqliteStore.prototype, "commit", real));

    it("notices, and leaves out what the failure does not need", async () => {
      const failed = await simulate("1", 200);
      expect(failed.violation?.message).to.match(/^S4: (state|note) \d+ leaves before it is on disk$/);
      const shrunk = await shrink(failed, 12);
      expect(shrunk.violation?.message).to.match(/^S4: (state|note) \d+ leaves before it is on disk$/);
      expect(shrunk.choices.length).to.be.lessThan(failed.choices.length);
    });
  });
});

/** Undefined where the sources are without their history. */
function commit(): string | undefined {
  const { status, stdout } = spawnSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}
