import { existsSync, rmSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";

import { checkSystems, type Watched } from "../../src/cli/doctor/service";
import { onEachDatabase } from "../helpers/databases";
import { freshService, issue, openHosted, SYSTEM } from "../helpers/service";
import { temporaryFolder } from "../helpers/temporaryFolder";
import { testWorld } from "../helpers/worlds";
import { starledger } from "./helpers/cli";

interface Found {
  readonly ok: boolean;
  readonly checks: readonly { readonly check: string; readonly ok: boolean; readonly detail: string }[];
}

async function doctor(...words: string[]): Promise<Found & { code: number }> {
  const { code, stdout } = await starledger(["doctor", ...words, "--json"]);
  return { code, ...(JSON.parse(stdout) as Found) };
}

onEachDatabase("CLI: doctor, over the database of a service that is stopped", (database) => {
  it("finds that records and hash chain hold, and names what somebody changed in them", async function () {
    const { url, store, service } = await freshService(this, undefined, database);
    const alice = await openHosted(service, "alice", 70n);
    await issue(service, alice, 5n);
    const events = await store.log.last(SYSTEM);
    const commits = service.status.lastCommit;

    const led = await doctor("--store", url);
    expect([led.code, led.checks.at(-1)]).to.deep.equal([
      1,
      {
        check: `lease of ${SYSTEM}`,
        ok: false,
        detail: "a process leads it: stop that first, or ask it without --store",
      },
    ]);

    await service.stop();
    const well = await doctor("--store", url);
    expect(well).to.deep.equal({
      code: 0,
      ok: true,
      checks: [
        { check: "database", ok: true, detail: "can be read, without the service" },
        { check: `records of ${SYSTEM}`, ok: true, detail: `${commits} commits and ${events} events were read` },
        { check: `books of ${SYSTEM}`, ok: true, detail: `hold as of commit ${commits}` },
      ],
    });

    await database.execute(url, "UPDATE events SET amount = '6' WHERE type = 'money.issued' AND amount = '5'");
    const changed = await doctor("--store", url);
    expect([changed.code, changed.ok]).to.deep.equal([1, false]);
    const wrong = changed.checks.filter(({ ok }) => !ok).map(({ check }) => check);
    expect(wrong).to.deep.equal([`books of ${SYSTEM}: account_total`, `journal of ${SYSTEM}: event_rewritten`]);
  });
});

describe("CLI: doctor", () => {
  it("compares a database with the chain", async () => {
    const world = await testWorld();
    const { folder, node, hub, service, system } = world;
    const url = `sqlite:${path.join(folder, "service.db")}`;
    try {
      await service.stop();
      const at = ["--store", url, "--rpc", node.url, "--hub"];
      const { code, checks } = await doctor(...at, hub.address);
      expect([code, checks.find(({ check }) => check === `books of ${system}`)?.detail]).to.deep.equal([
        0,
        `hold as of commit ${service.status.lastCommit}, the chain included`,
      ]);
      const elsewhere = await doctor(...at, `0x${"12".repeat(20)}`);
      expect([elsewhere.code, elsewhere.checks[1]?.check, elsewhere.checks[1]?.ok]).to.deep.equal([
        1,
        `records of ${system}`,
        false,
      ]);
    } finally {
      await world.stop();
      rmSync(folder, { recursive: true });
    }
  });

  it("makes no database where there is none", async function () {
    const file = path.join(temporaryFolder(this), "nothing.db");
    const { code, checks } = await doctor("--store", `sqlite:${file}`);
    expect([code, checks.map(({ ok }) => ok), existsSync(file)]).to.deep.equal([1, [false], false]);
  });

  it("sees that the service's chain stands still, but for one that is for development", async () => {
    const checked = async (age: number, chainId: bigint) => {
      const checks = await checkSystems(watched(Date.now() - 1_000 * age, chainId));
      return checks.find(({ check }) => check === `chain of ${SYSTEM}`);
    };
    expect((await checked(30, 1n))?.ok).to.equal(true);
    const still = await checked(3_600, 1n);
    expect(still?.ok).to.equal(false);
    expect(still?.detail).to.match(/^stands still, or its node does: block 7 of .*, final 5, 360\d s ago$/);
    expect((await checked(3_600, 31_337n))?.ok).to.equal(true);
  });

  it("tells how many channels wait to begin anew after a loss of data (S7)", async () => {
    const checks = await checkSystems(watched(Date.now(), 1n));
    const check = `loss of data of ${SYSTEM}`;
    expect(checks.find((one) => one.check === check)).to.deep.equal({
      check,
      ok: true,
      detail: "3 channels wait to begin anew",
    });
  });
});

/** A service whose newest block was made at `headTime`. */
function watched(headTime: number, chainId: bigint): Watched {
  const chain = { head: 7, headTime, final: 5, dropped: 0, senders: [] };
  const counts = { lastCommit: 1n, accounts: 0, waiting: 0, queueLimit: 1, resynchronising: 3, term: 1n };
  const address = SYSTEM;
  return {
    progress: () =>
      Promise.resolve({ uptimeSeconds: 1, systems: [{ address, leads: true, leader: null, ...counts, chain }] }),
    systems: () => Promise.resolve([{ address, chainId, hub: address, router: address, signer: address }]),
    reconciliation: () => Promise.resolve([]),
  };
}
