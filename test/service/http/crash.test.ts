import { once } from "node:events";

import { expect } from "chai";

import { afterTest } from "../../helpers/afterTest";
import { onEachDatabase } from "../../helpers/databases";
import { caller } from "../../helpers/http";
import { insistentCaller } from "../../helpers/insist";
import { endLeases } from "../../helpers/leases";
import { messageOf, startProgram } from "../../helpers/programs";
import { person, POINTS } from "../../helpers/service";

const PAYMENTS = 400;

async function startApi(context: Mocha.Context, store: string) {
  const child = startProgram("helpers/apiProcess", store);
  afterTest(context, () => child.kill("SIGKILL"));
  const exited = once(child, "exit") as Promise<[number | null]>;
  const url = (await messageOf(child)) as string;
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    return (await exited)[0];
  };
  return { end, url };
}

onEachDatabase("HTTP: a process that ends under load", (database) => {
  for (const [signal, code] of [
    ["SIGTERM", 0],
    ["SIGKILL", null],
  ] as const) {
    it(`case 23: by ${signal}: every payment that was acknowledged is there, and none twice`, async function () {
      const store = await database.fresh(this);
      const first = await startApi(this, store);
      const [alice, bob] = [person("alice").address, person("bob").address];
      const orders = Array.from({ length: PAYMENTS }, (_, i) => {
        return { key: `order-${i}`, body: { from: alice, to: bob, token: POINTS, amount: "1" } };
      });
      const send = caller(first.url, "POST");
      let begin: () => void;
      const begun = new Promise<void>((resolve) => (begin = resolve));
      const sent = orders.map(async (order) => {
        const { status } = await send("/v1/transfers", order);
        if (status === 201) begin();
        return status;
      });
      const outcomes = Promise.allSettled(sent);
      await begun;
      expect(await first.end(signal)).to.equal(code);
      const acknowledged = (await outcomes).map((one) => one.status === "fulfilled" && one.value === 201);

      await endLeases(database, store);
      const second = await startApi(this, store);
      const [get, post] = [insistentCaller(second.url, "GET"), insistentCaller(second.url, "POST")];
      const again = await Promise.all(orders.map((order) => post("/v1/transfers", order)));
      expect(again.map(({ status }) => status)).to.deep.equal(orders.map(() => 201));
      acknowledged.forEach((was, i) => was && expect(again[i]!.replayed, `order ${i}`).to.equal("true"));
      const { body } = await get(`/v1/accounts/${bob}/balances`);
      const points = (body as { balances: { token: string; balance: string }[] }).balances[0];
      expect(points).to.include({ token: POINTS, balance: `${PAYMENTS}` });
      const reconciliation = await get("/v1/reconciliation");
      const { systems } = reconciliation.body as { systems: { total: number }[] };
      expect(systems.map(({ total }) => total)).to.deep.equal([0]);
    });
  }
});
