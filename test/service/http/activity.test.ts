import { expect } from "chai";

import { ZERO_HASH } from "../../../src/protocol";
import { onEachDatabase } from "../../helpers/databases";
import { answer, listen, makeKey, refusal } from "../../helpers/http";
import { freshService, issue, openHosted, POINTS, SYSTEM } from "../../helpers/service";

const DAY = Date.parse("2026-01-31");
const at = (minutes: number) => new Date(DAY + minutes * 60_000).toISOString();

onEachDatabase("HTTP: what happened over time", (database) => {
  /** Alice is issued 100 and pays bob 30, 20 and, an hour later, 10; each event comes at `minutes` of the day. */
  async function history(context: Mocha.Context) {
    const { service, url } = await freshService(context, undefined, database);
    const api = await listen(context, service);
    const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
    const last = async () => (await service.events({ order: "descending", limit: 1 }))[0]!.number;
    const paid: bigint[] = [];
    for (const amount of [30n, 20n, 10n]) {
      await service.submit({ type: "pay", from: alice, to: bob, token: POINTS, amount, reference: ZERO_HASH });
      paid.push(await last());
    }
    await issue(service, bob, 7n);
    const minutes = `CASE number WHEN ${paid[0]} THEN 61 WHEN ${paid[1]} THEN 119 WHEN ${paid[2]} THEN 130 ELSE 30 END`;
    await database.execute(url, `UPDATE events SET time = ${DAY} + 60000 * (${minutes})`);
    return { ...api, alice };
  }

  const path = (from: string, to: string, step: number) => `/v1/activity/${POINTS}?from=${from}&to=${to}&step=${step}`;
  const nothing = { deposited: "0", withdrawn: "0", redeemed: "0", fees: "0" };

  it("is told period by period, from the one with the first moment to the last that begins before the end", async function () {
    const { get } = await history(this);
    const head = { system: SYSTEM, token: POINTS, decimals: 18, step: 3_600 };
    const issued = { time: at(0), payments: 0, volume: "0", issued: "107", ...nothing };
    const busy = { time: at(60), payments: 2, volume: "50", issued: "0", ...nothing };
    const late = { time: at(120), payments: 1, volume: "10", issued: "0", ...nothing };
    expect(await get(path(at(0), at(180), 3_600))).to.deep.equal(
      answer(200, { ...head, periods: [issued, busy, late] }),
    );
    expect(await get(path(at(70), at(120), 3_600))).to.deep.equal(answer(200, { ...head, periods: [busy] }));
  });

  it("is refused for too many periods, and to whoever may not read statements of all", async function () {
    const { get, post, alice } = await history(this);
    const step = { field: "querystring/step", got: "60" };
    expect(await get(path(at(0), at(401), 60))).to.deep.equal(refusal("out_of_range", step));
    const operator = await makeKey({ post }, { scopes: ["statements:read"], restrictions: { accounts: [alice] } });
    const confined = refusal("forbidden", { restriction: "accounts" });
    expect(await get(path(at(0), at(60), 60), { operator })).to.deep.equal(confined);
  });
});
