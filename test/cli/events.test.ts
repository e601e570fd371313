import { expect } from "chai";

import { SQLITE } from "../helpers/databases";
import { listen, OPERATOR_KEY } from "../helpers/http";
import { freshService, issue, openHosted } from "../helpers/service";
import { starledger } from "./helpers/cli";

describe("CLI: events --follow", () => {
  it("hears the stream, and stops where a number is missing (missing_events)", async function () {
    const { url: database, service } = await freshService(this);
    const { url } = await listen(this, service);
    const alice = await openHosted(service, "alice");
    for (const amount of [1n, 2n, 3n]) await issue(service, alice, amount);
    const last = Number(await service.store.log.last(service.identity.system));
    await SQLITE.execute(database, `DELETE FROM events WHERE number = ${last - 1}`);
    const environment = { STARLEDGER_URL: url, STARLEDGER_API_KEY: OPERATOR_KEY };
    const { code, stdout, stderr } = await starledger(["events", "--follow", "--json"], environment);
    const lines = stdout.trim().split("\n");
    const numbers = lines.map((line) => (JSON.parse(line) as { number?: string }).number).filter(Boolean);
    expect(numbers).to.deep.equal(Array.from({ length: last - 2 }, (_, i) => `${i + 1}`));
    expect([code, stderr.split(":")[0]]).to.deep.equal([1, "missing_events"]);
  });
});
