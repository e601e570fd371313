import { expect } from "chai";

import { ZERO_HASH, type Address, type Hash } from "../../src/protocol";
import { openStore } from "../../src/store";
import { scriptOf } from "../../src/store/script";
import { emptyCommit } from "../helpers/commits";
import { SQLITE } from "../helpers/databases";
import { expectError } from "../helpers/errors";

const SYSTEM = `0x${"11".repeat(20)}` as Address;

/** A commit with a preimage of these bytes. */
function commitOf(preimage: string) {
  const commit = emptyCommit(SYSTEM, 1n);
  const known = { hash: ZERO_HASH, preimage: preimage as Hash, registeredAt: null };
  return { ...commit, changes: { ...commit.changes, preimages: [known] } };
}

describe("a commit in SQLite's words", () => {
  it("has bytes as they are", () => {
    expect(scriptOf(commitOf("0xab01"))).to.contain("x'ab01',NULL)");
  });

  it("has nothing that could end them (invalid_hex)", async () => {
    for (const bytes of ["0xab'); DROP TABLE commits; --", "'", "ab01", ""]) {
      await expectError(() => Promise.resolve().then(() => scriptOf(commitOf(bytes))), "invalid_hex");
    }
  });

  it("is refused as a whole where bytes are none (store_failed)", async function () {
    const store = await openStore(await SQLITE.fresh(this));
    const lease = await store.leases.lead(SYSTEM);
    for (const bytes of ["0xzz", "0xabc", "0x00\0"]) {
      await expectError(() => store.prepare(commitOf(bytes))(lease), "store_failed");
      expect(await store.lastCommit(SYSTEM)).to.equal(0n);
    }
    await store.prepare(commitOf("0xab01"))(lease);
    expect((await store.ledger.preimages(SYSTEM)).map(({ preimage }) => preimage)).to.deep.equal(["0xab01"]);
    await store.close();
  });
});
