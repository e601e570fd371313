import { expect } from "chai";

import { Examination } from "../../src/service/examination";
import { afterTest } from "../helpers/afterTest";
import { onEachDatabase } from "../helpers/databases";
import { freshService, SYSTEM } from "../helpers/service";
import { starledger } from "./helpers/cli";

onEachDatabase("CLI: declare-loss", (database) => {
  it("S7: marks what a stopped service has lost, in the store, and leaves one that is led alone", async function () {
    const { url, store, service } = await freshService(this, undefined, database);
    const declare = async (...options: string[]) => {
      const { code, stdout } = await starledger(["declare-loss", "--store", url, "--json", ...options]);
      return { code, ...(JSON.parse(stdout) as object) };
    };
    expect(await declare()).to.deep.equal({ code: 1, systems: [{ system: SYSTEM, done: false }] });
    expect(await store.losses.of(SYSTEM)).to.equal(undefined);
    await service.stop();
    expect(await declare()).to.deep.equal({ code: 0, systems: [{ system: SYSTEM, done: true }] });
    expect(Number((await store.losses.of(SYSTEM))?.declared)).to.be.closeTo(Date.now() / 1_000, 60);
    const unknown = `0x${"5e".repeat(20)}`;
    expect(await declare("--system", unknown)).to.deep.equal({ code: 0, systems: [{ system: unknown, done: true }] });
  });

  it("S7: whoever leads the system by the time that it would be marked is left alone", async function () {
    const { url, store, service } = await freshService(this, undefined, database);
    await service.stop();
    const examination = await Examination.open(url);
    afterTest(this, () => examination.close());
    const lease = await store.leases.tryLead(SYSTEM);
    expect([await examination.declareLoss(SYSTEM, 1n), await examination.rereadChain(SYSTEM)]).to.deep.equal([
      false,
      false,
    ]);
    expect(await store.losses.of(SYSTEM)).to.equal(undefined);
    await lease!.release();
    expect(await examination.declareLoss(SYSTEM, 1n)).to.equal(true);
    expect(await store.losses.of(SYSTEM)).to.deep.equal({ declared: 1n, seen: null });
    expect(await store.leases.tryLead(SYSTEM)).to.not.equal(undefined);
  });
});
