import { expect } from "chai";
import fc from "fast-check";

import { hashOfPreimage, keccakText, ZERO_HASH, type Address } from "../../src/protocol";
import type { AccountService } from "../../src/service";
import { closeDays } from "../../src/service/dayCloser";
import { accountStatement, assetStatement } from "../../src/service/statements";
import { onEachDatabase } from "../helpers/databases";
import { expectError } from "../helpers/errors";
import { freshService, NOW, openHosted, person, POINTS, pointsOf, SYSTEM } from "../helpers/service";

/** Milliseconds: three events a day. */
const STEP = 28_800_000;
/** The event of number n happens after n steps. */
const AT_THEIR_NUMBERS = `UPDATE events SET time = number * ${STEP}`;
const END = { from: 0, to: 10 ** 12 };

type Act = readonly [kind: "issue" | "pay" | "redeem" | "deposit" | "promise" | "settle", who: number, amount: bigint];

async function act(service: AccountService, people: readonly Address[], [kind, who, amount]: Act, i: number) {
  const [from, to] = [people[who]!, people[(who + 1) % people.length]!];
  const common = { token: POINTS, amount, reference: ZERO_HASH };
  const { id: channelId, funds } = service.channelOf(from, POINTS)!;
  switch (kind) {
    case "issue":
      return await service.submit({ type: "issue", account: from, ...common });
    case "pay":
      return await service.submit({ type: "pay", from, to, ...common });
    case "redeem":
      return await service.submit({ type: "pay", from, to: null, ...common });
    case "deposit": {
      const more = { ...funds, deposited: funds.deposited + amount };
      return await service.submit({ type: "updateFunds", channelId, funds: more, finalTime: NOW });
    }
    case "promise": {
      const preimage = keccakText(`preimage ${i}`);
      const invoice = { hash: hashOfPreimage(preimage), amount, token: POINTS, expiry: NOW + 300n, account: to };
      const signed = service.signInvoice({ ...invoice, memo: ZERO_HASH });
      await service.submit({ type: "payInvoice", from, signed, fee: 1n });
      return i % 2 === 0 ? await service.submit({ type: "reveal", preimage }) : undefined;
    }
    case "settle": {
      const none = { deposited: 2n, withdrawn: 0n, reclaimed: 0n, collateral: 2n };
      await service.submit({ type: "freeze", channelId });
      return await service.submit({ type: "settleEpoch", channelId, funds: none });
    }
  }
}

onEachDatabase("Statements", (database) => {
  it("property 1: reconcile, for every account and the asset, whatever happened and however time is cut", async function () {
    const kinds = fc.constantFrom("issue", "pay", "redeem", "deposit", "promise", "settle");
    const acts = fc.array(fc.tuple(kinds, fc.nat(2), fc.bigInt(1n, 30n)), { minLength: 3, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(acts, fc.nat(30), fc.nat(30), fc.nat(40), async (history, one, other, closed) => {
        const { url, store, service } = await freshService(this, undefined, database);
        const people = await Promise.all(["a", "b", "c"].map((name) => openHosted(service, name, 20n)));
        for (const [i, step] of history.entries()) await act(service, people, step as Act, i).catch(() => undefined);
        await database.execute(url, AT_THEIR_NUMBERS);
        await closeDays({ store, system: SYSTEM, now: () => closed * STEP });
        const cuts = [0, ...[one, other].map((cut) => cut * STEP).sort((a, b) => a - b), END.to];
        const periods = cuts.slice(1).map((to, i) => ({ from: cuts[i]!, to }));

        let held = new Map<number, bigint>();
        for (const person of people) {
          const parts = await Promise.all(periods.map((p) => accountStatement(service, person, POINTS, p)));
          let balance = 0n;
          for (const [i, { opening, closing, lines }] of parts.entries()) {
            expect(opening).to.equal(balance);
            for (const line of lines) expect(line.balance).to.equal((balance += line.credit - line.debit));
            expect(closing).to.equal(balance);
            held = held.set(i, (held.get(i) ?? 0n) + closing);
          }
          const { status, state } = service.channelOf(person, POINTS)!;
          if (status === "open") expect(balance).to.equal(pointsOf(service, person) - state.locked);
        }
        let owed = 0n;
        for (const [i, period] of periods.entries()) {
          const sums = await assetStatement(service, POINTS, period);
          expect(sums.opening).to.equal(owed);
          owed += sums.issued + sums.deposited - sums.redeemed - sums.withdrawn - sums.settled - sums.fees;
          expect(sums.closing).to.equal(owed);
          const locked = (await service.totals(POINTS, { until: period.to })).get("locked") ?? 0n;
          expect(sums.closing).to.equal(held.get(i)! + locked);
        }
        expect(owed).to.equal(service.asset(POINTS).liabilities);
        const [added, recounted] = [await store.log.totals(SYSTEM, POINTS), await store.log.recounted(SYSTEM, POINTS)];
        expect(added).to.deep.equal(recounted);
        await service.stop();
      }),
      { numRuns: 8 },
    );
  });

  it("show what the backing allowed at the end of the period", async function () {
    const { url, service } = await freshService(this, 1_000n, database);
    await service.submit({ type: "setLimit", system: service.identity.system, token: POINTS, limit: 900n });
    await database.execute(url, AT_THEIR_NUMBERS);
    const limits = [0, 2 * STEP, 4 * STEP].map(
      async (to) => (await assetStatement(service, POINTS, { from: 0, to })).limit,
    );
    expect(await Promise.all(limits)).to.deep.equal([null, 1_000n, 900n]);
  });

  it("refuse accounts and assets that are unknown", async function () {
    const { service } = await freshService(this, undefined, database);
    const nobody = person("nobody").address;
    await expectError(() => accountStatement(service, nobody, POINTS, END), "unknown_account", { account: nobody });
    await expectError(() => assetStatement(service, nobody, END), "unknown_asset", { token: nobody });
  });
});
