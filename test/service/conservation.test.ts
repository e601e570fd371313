import { expect } from "chai";
import fc from "fast-check";

import { ZERO_HASH } from "../../src/protocol";
import type { AccountService, Request } from "../../src/service";
import { openStore } from "../../src/store";
import { onEachDatabase } from "../helpers/databases";
import {
  freshService as freshServiceOn,
  listAssets,
  NOW,
  openHosted,
  POINTS,
  pointsOf,
  startService,
} from "../helpers/service";
import { payment } from "../helpers/requests";

onEachDatabase("AccountService, whatever it is asked", (database) => {
  const freshService = (context: Mocha.Context, limit?: bigint) => freshServiceOn(context, limit, database);

  describe("case 24: many at once", () => {
    it("A pays B while B pays A", async function () {
      const { service } = await freshService(this);
      const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob", 100n)];
      const both = Array.from({ length: 200 }, (_, i) =>
        i % 2 === 0 ? payment(alice, bob, 1n, `${i}`) : payment(bob, alice, 1n, `${i}`),
      );
      await Promise.all(both.map((request) => service.submit(request)));
      expect([pointsOf(service, alice), pointsOf(service, bob)]).to.deep.equal([100n, 100n]);
      expect(await service.audit.isConserved(POINTS)).to.equal(true);
    });

    it("a thousand payers pay one merchant, who folds it all", async function () {
      const { service } = await freshService(this);
      const merchant = await openHosted(service, "merchant");
      const payers = await Promise.all(Array.from({ length: 1_000 }, (_, i) => openHosted(service, `payer ${i}`, 3n)));
      await Promise.all(
        payers.flatMap((payer) => [1n, 2n].map((amount) => service.submit(payment(payer, merchant, amount)))),
      );
      expect(pointsOf(service, merchant)).to.equal(3_000n);
      await service.submit(payment(merchant, payers[0]!, 3_000n));
      expect([pointsOf(service, merchant), pointsOf(service, payers[0]!)]).to.deep.equal([0n, 3_000n]);
      expect(await service.audit.isConserved(POINTS)).to.equal(true);
    });
  });

  it("property 1: any sequence of requests conserves money, and a restart changes nothing", async function () {
    const names = ["a", "b", "c", "d"];
    const index = fc.nat(names.length - 1);
    const action = fc.oneof(
      fc.record({ type: fc.constant("issue" as const), who: index, amount: fc.bigInt(-1n, 50n) }),
      fc.record({ type: fc.constant("pay" as const), who: index, to: index, amount: fc.bigInt(0n, 60n) }),
      fc.record({ type: fc.constant("redeem" as const), who: index, amount: fc.bigInt(1n, 30n) }),
      fc.record({ type: fc.constant("deposit" as const), who: index, amount: fc.bigInt(1n, 30n) }),
      fc.record({ type: fc.constant("withdraw" as const), who: index, amount: fc.bigInt(1n, 30n) }),
      fc.record({ type: fc.constant("settle" as const), who: index }),
      fc.record({ type: fc.constant("restart" as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 40 }), async (actions) => {
        const url = await database.fresh(this);
        let store = await openStore(url);
        let service = await startService(store);
        await listAssets(service, 500n);
        const people = await Promise.all(names.map((name) => openHosted(service, name)));
        for (const step of actions) {
          if (step.type === "restart") {
            const before = snapshot(service);
            await store.close();
            store = await openStore(url);
            service = await startService(store);
            expect(snapshot(service)).to.deep.equal(before);
            continue;
          }
          const who = people[step.who]!;
          const { id, funds } = service.channelOf(who, POINTS)!;
          const requests: Request[] = [];
          if (step.type === "issue") {
            requests.push({ type: "issue", account: who, token: POINTS, amount: step.amount, reference: ZERO_HASH });
          } else if (step.type === "pay") requests.push(payment(who, people[step.to]!, step.amount));
          else if (step.type === "redeem") requests.push(payment(who, null, step.amount));
          else if (step.type === "deposit") {
            const more = { ...funds, deposited: funds.deposited + step.amount };
            requests.push({ type: "updateFunds", channelId: id, funds: more, finalTime: NOW });
          } else if (step.type === "withdraw") {
            const { amount } = step;
            const deadline = NOW + 10n;
            requests.push({ type: "withdrawHosted", from: who, token: POINTS, amount, recipient: who, deadline });
          } else {
            const none = { deposited: 0n, withdrawn: 0n, reclaimed: 0n, collateral: 0n };
            requests.push({ type: "freeze", channelId: id }, { type: "settleEpoch", channelId: id, funds: none });
          }
          for (const request of requests) await service.submit(request).catch(() => undefined);
          expect(await service.audit.isConserved(POINTS)).to.equal(true);
          for (const account of people) expect(pointsOf(service, account) >= 0n).to.equal(true);
        }
        await store.close();
      }),
      { numRuns: 25 },
    );
  });
});

/** Everything that a restart must bring back. */
function snapshot(service: AccountService): unknown[] {
  return [...service.channels()].filter(({ status }) => status !== "settled").sort((a, b) => (a.id < b.id ? -1 : 1));
}
