import { expect } from "chai";

import { openStore } from "../../src/store";
import { PostgresStore } from "../../src/store/postgres";
import { afterTest } from "../helpers/afterTest";
import { POSTGRES } from "../helpers/databases";
import { expectError } from "../helpers/errors";
import { execute } from "../helpers/postgres";
import { storeSuite } from "./suite";

describe("PostgresStore", () => {
  storeSuite(POSTGRES);

  it("flushes every commit whatever the server's settings are", async function () {
    const url = await POSTGRES.fresh(this);
    await execute(url, "ALTER ROLE postgres SET synchronous_commit = off");
    afterTest(this, () => execute(url, "ALTER ROLE postgres RESET synchronous_commit"));
    const store = await PostgresStore.open(url);
    afterTest(this, () => store.close());
    expect(await store["query"]("SHOW synchronous_commit")).to.deep.equal([{ synchronous_commit: "on" }]);
  });

  it("says what it could not reach (store_failed)", async () => {
    const error = await expectError(() => openStore("postgres://nobody:secret@127.0.0.1:1/none"), "store_failed");
    expect(error.message).to.include("ECONNREFUSED").and.not.include("secret");
  });
});
