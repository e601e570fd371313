import { expect } from "chai";

import { ZERO_HASH } from "../../src/protocol";
import { onEachDatabase } from "../helpers/databases";
import { freshService, SYSTEM } from "../helpers/service";
import { starledger } from "./helpers/cli";

onEachDatabase("CLI: reread-chain", (database) => {
  it("has a stopped service take in the chain anew, and leaves one that is led alone", async function () {
    const { url, store, service } = await freshService(this, undefined, database);
    const cursor = { block: 7, hash: ZERO_HASH, opened: 3n };
    await store.cursors.keep(SYSTEM, cursor);
    const reread = async () => {
      const { code, stdout } = await starledger(["reread-chain", "--store", url, "--json"]);
      return { code, ...(JSON.parse(stdout) as object), cursor: await store.cursors.of(SYSTEM) };
    };
    expect(await reread()).to.deep.equal({ code: 1, systems: [{ system: SYSTEM, done: false }], cursor });
    await service.stop();
    expect(await reread()).to.deep.equal({ code: 0, systems: [{ system: SYSTEM, done: true }], cursor: undefined });
  });
});
