import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import files from "node:fs/promises";
import { mock } from "node:test";

import { expect } from "chai";

import { SqliteStore } from "../../src/store/sqlite";
import { shrink } from "./shrink";
import { simulate, type Run } from "./simulation";

/** Another one with every commit; `npm run sim -- --seed` runs it again. */
const SEED = commit() ?? randomUUID();
const STEPS = 200;
/** Of the machine's own time. */
const sleep = setTimeout;
/** How a commit that is not kept shows. */
const LOST =
  /^S4: (state \d+|note \d+|invoice 0x[0-9a-f]+) leaves before it is on disk$|: store_corrupt: |^property 1: the books do not hold$/;

describe("the simulation", () => {
  let run: Run;

  before(async () => {
    run = await simulate(SEED, STEPS);
  });

  it(`case 23: loses and doubles nothing whatever the network, crashes and cheats do (seed ${SEED}, ${STEPS} steps)`, () => {
    expect(run.violation).to.equal(undefined);
    expect(run.choices).to.have.lengthOf(STEPS);
  });

  it("is the same again with the same seed on a slower disk", async () => {
    const opened = slowed();
    expect(await simulate(SEED, STEPS)).to.deep.equal(run);
    expect(opened.callCount()).to.be.greaterThan(5);
  });

  describe("given a store that acknowledges a commit in three without keeping it", () => {
    const real = Object.getOwnPropertyDescriptor(SqliteStore.prototype, "prepare") as { value: SqliteStore["prepare"] };

    before(() => {
      let commits = 0;
      SqliteStore.prototype.prepare = function (commit) {
        const write = real.value.call(this, commit);
        return (lease) => {
          commits = commit.id === 1n ? 1 : commits + 1;
          return commits > 20 && commits % 3 === 0 ? Promise.resolve() : write(lease);
        };
      };
    });
    after(() => Object.defineProperty(SqliteStore.prototype, "prepare", real));

    it("notices, and leaves out what the failure does not need", async () => {
      const failed = await simulate("1", 200);
      expect(failed.violation?.message).to.match(LOST);
      const shrunk = await shrink(failed, 10);
      expect(shrunk.violation?.message).to.match(LOST);
      expect(shrunk.choices.length).to.be.lessThan(failed.choices.length);
    });
  });
});

/** Files take some milliseconds to open, now more and now less, until the simulation is over. */
function slowed() {
  const open = files.open;
  let count = 0;
  return mock.method(files, "open", async (...inputs: Parameters<typeof open>) => {
    await new Promise((resolve) => sleep(resolve, (count++ * 7) % 20));
    return await open(...inputs);
  }).mock;
}

/** Undefined where the sources are without their history. */
function commit(): string | undefined {
  const { status, stdout } = spawnSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}
