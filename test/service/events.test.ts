import { expect } from "chai";
import fc from "fast-check";

import type { LedgerEvent } from "../../src/engine";
import { hashOfPreimage, keccakText, ZERO_HASH, type Address } from "../../src/protocol";
import type { AccountService, Request } from "../../src/service";
import { isWanted } from "../../src/service/eventLog";
import { openStore, type EventQuery } from "../../src/store";
import { crashing } from "../helpers/crashing";
import { onEachDatabase, openTestStore } from "../helpers/databases";
import { expectError } from "../helpers/errors";
import { endLeases } from "../helpers/leases";
import { freshService, issue, listAssets, NOW, openHosted, POINTS, startService, SYSTEM } from "../helpers/service";

const numbers = (events: readonly LedgerEvent[]) => events.map(({ number }) => number);

/** All that there is from `after` on, read in pages. */
async function readFrom(service: AccountService, after: bigint, limit = 3): Promise<LedgerEvent[]> {
  const read: LedgerEvent[] = [];
  for (;;) {
    const page = await service.events({ after: read.at(-1)?.number ?? after, limit });
    if (page.length === 0) return read;
    read.push(...page);
  }
}

onEachDatabase("Events", (database) => {
  it("reach who listens once they are durable, commit by commit, as the log has them", async function () {
    const { service } = await freshService(this, undefined, database);
    const heard: (readonly LedgerEvent[])[] = [];
    const stop = service.onEvents((events) => heard.push(events));
    const alice = await openHosted(service, "alice");
    await Promise.all([issue(service, alice, 1n), issue(service, alice, 2n)]);
    await service.submit({ type: "setLimit", system: SYSTEM, token: POINTS, limit: service.asset(POINTS).limit });
    stop();
    await issue(service, alice, 3n);
    expect(heard.map(numbers)).to.deep.equal([[3n], [4n, 5n]]);
    expect(heard.flat()).to.deep.equal(await service.events({ after: 2n, before: 6n, limit: 9 }));
  });

  it("case 32: a listener that fails harms nobody, and hears no more", async function () {
    const { service } = await freshService(this, undefined, database);
    const heard: bigint[] = [];
    let calls = 0;
    service.onEvents(() => {
      calls += 1;
      throw new Error("reader");
    });
    service.onEvents((events) => heard.push(...numbers(events)));
    const alice = await openHosted(service, "alice");
    await issue(service, alice, 1n);
    expect([calls, heard]).to.deep.equal([1, [3n, 4n]]);
  });

  it("case 32: who missed events and comes back reads them all from any number on, after a restart too", async function () {
    const { url, service } = await freshService(this, undefined, database);
    const heard: LedgerEvent[] = [];
    service.onEvents((events) => heard.push(...events));
    const [alice, bob] = [await openHosted(service, "alice", 50n), await openHosted(service, "bob")];
    const pay = { type: "pay", from: alice, to: bob, token: POINTS, reference: ZERO_HASH } as const;
    await Promise.all([1n, 2n, 3n, 4n].map((amount) => service.submit({ ...pay, amount })));
    await service.stop();
    const restarted = await startService(await openTestStore(this, url));
    await restarted.submit({ ...pay, amount: 5n });
    const all = await readFrom(restarted, 0n);
    expect(numbers(all)).to.deep.equal(all.map((_, i) => BigInt(i + 1)));
    expect(all.slice(2, -1)).to.deep.equal(heard);
    for (const after of numbers(all)) expect(await readFrom(restarted, after)).to.deep.equal(all.slice(Number(after)));
  });

  it("case 23: those of a commit that is not durable are never told, and their numbers are given anew", async function () {
    const url = await database.fresh(this);
    const store = crashing(await openStore(url));
    const service = await startService(store);
    await listAssets(service);
    const alice = await openHosted(service, "alice");
    const heard: bigint[] = [];
    service.onEvents((events) => heard.push(...numbers(events)));
    store.crashAt = "within";
    const request = { type: "issue", account: alice, token: POINTS, amount: 5n, reference: ZERO_HASH } as const;
    await expectError(() => service.submit(request, "key"), "outcome_unknown");
    await store.close();
    await endLeases(database, url);
    const again = await startService(await openTestStore(this, url));
    await issue(again, alice, 7n);
    expect(heard).to.deep.equal([]);
    expect((await again.events({ after: 3n, limit: 9 })).map(({ number, amount }) => [number, amount])).to.deep.equal([
      [4n, 7n],
    ]);
  });

  it("property 1: balances follow from the log alone after any history, whose numbers have no gaps, and in which each account finds what concerns it", async function () {
    const who = fc.nat(2);
    const amount = fc.bigInt(1n, 40n);
    const action = fc.oneof(
      fc.record({ type: fc.constant("issue" as const), who, amount }),
      fc.record({ type: fc.constant("pay" as const), who, to: who, amount }),
      fc.record({
        type: fc.constant("batch" as const),
        who,
        to: fc.array(who, { minLength: 1, maxLength: 4 }),
        amount,
      }),
      fc.record({ type: fc.constant("redeem" as const), who, amount }),
      fc.record({ type: fc.constant("deposit" as const), who, amount }),
      fc.record({ type: fc.constant("withdraw" as const), who, amount, fate: fc.constantFrom("mined", "expired") }),
      fc.record({ type: fc.constant("promise" as const), who, to: who, amount, kept: fc.boolean() }),
      fc.record({ type: fc.constant("settle" as const), who }),
      fc.record({ type: fc.constant("restart" as const) }),
    );
    const bound = fc.bigInt(0n, 40n);
    const limit = fc.integer({ min: 1, max: 9 });
    const part = fc.record(
      { who, after: bound, before: bound, order: fc.constantFrom("ascending", "descending"), limit },
      { requiredKeys: ["who", "limit"] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 25 }), fc.array(part), async (actions, parts) => {
        const url = await database.fresh(this);
        let store = await openStore(url);
        let service = await startService(store);
        await listAssets(service, 500n);
        const people = await Promise.all(["a", "b", "c"].map((name) => openHosted(service, name)));
        for (const [i, act] of actions.entries()) {
          if (act.type === "restart") {
            await store.close();
            store = await openStore(url);
            service = await startService(store);
            continue;
          }
          for (const request of requestsOf(service, people, act, i)) {
            await service.submit(request).catch(() => undefined);
          }
          await service.foldHosted();
        }
        const log = await readFrom(service, 0n, 7);
        expect(numbers(log)).to.deep.equal(log.map((_, i) => BigInt(i + 1)));
        const replayed = balancesOf(log);
        for (const person of people) {
          const { funds, state, note } = service.channelOf(person, POINTS)!;
          const net = state.net + note.credited - state.noteCredited - state.locked;
          expect(replayed.get(person) ?? 0n).to.equal(funds.deposited - funds.withdrawn + net);
        }
        expect(await service.audit.isConserved(POINTS)).to.equal(true);
        const totals = await service.totals(POINTS, { accounts: people });
        for (const person of people) expect(totals.get(person)).to.equal(replayed.get(person) ?? 0n);
        for (const { who, ...rest } of parts) {
          const query = { account: people[who]!, ...rest };
          expect(await service.events(query)).to.deep.equal(found(log, query));
        }
        await store.close();
      }),
      { numRuns: 12 },
    );
  });
});

/** What a query for an account's events is to find in the log. */
function found(log: readonly LedgerEvent[], query: EventQuery & { readonly account: Address }): readonly LedgerEvent[] {
  const { account, after = 0n, before = 1_000n, order, limit } = query;
  const among = log.filter((event) => isWanted({ account }, event) && event.number > after && event.number < before);
  return (order === "descending" ? among.reverse() : among).slice(0, limit);
}

type Action =
  | { type: "issue" | "redeem" | "deposit"; who: number; amount: bigint }
  | { type: "pay"; who: number; to: number; amount: bigint }
  | { type: "batch"; who: number; to: readonly number[]; amount: bigint }
  | { type: "withdraw"; who: number; amount: bigint; fate: string }
  | { type: "promise"; who: number; to: number; amount: bigint; kept: boolean }
  | { type: "settle"; who: number };

function requestsOf(service: AccountService, people: readonly Address[], act: Action, i: number): Request[] {
  const from = people[act.who]!;
  const common = { token: POINTS, reference: ZERO_HASH };
  const { id: channelId, funds } = service.channelOf(from, POINTS)!;
  switch (act.type) {
    case "issue":
      return [{ type: "issue", account: from, amount: act.amount, ...common }];
    case "pay":
      return [{ type: "pay", from, to: people[act.to]!, amount: act.amount, ...common }];
    case "batch":
      return [
        {
          type: "payBatch",
          from,
          token: POINTS,
          items: act.to.map((to) => ({ to: people[to]!, amount: act.amount, reference: ZERO_HASH })),
        },
      ];
    case "redeem":
      return [{ type: "pay", from, to: null, amount: act.amount, ...common }];
    case "deposit": {
      const deposited = funds.deposited + act.amount;
      return [{ type: "updateFunds", channelId, funds: { ...funds, deposited }, finalTime: NOW }];
    }
    case "withdraw": {
      const deadline = NOW + 10n;
      const withdrawn = funds.withdrawn + (act.fate === "mined" ? act.amount : 0n);
      const finalTime = act.fate === "mined" ? NOW : deadline + 1n;
      const terms = { from, token: POINTS, amount: act.amount, recipient: from, deadline };
      const requests: Request[] = [{ type: "withdrawHosted", ...terms }];
      const { net, noteCredited } = service.channelOf(from, POINTS)!.state;
      const { credited } = service.channelOf(from, POINTS)!.note;
      const left = funds.deposited - funds.withdrawn + net + credited - noteCredited;
      if (left < act.amount) return requests;
      return [...requests, { type: "updateFunds", channelId, funds: { ...funds, withdrawn }, finalTime }];
    }
    case "promise": {
      const preimage = keccakText(`preimage ${i}`);
      const [account, expiry] = [people[act.to]!, NOW + 300n];
      const invoice = { hash: hashOfPreimage(preimage), amount: act.amount, token: POINTS, expiry, account };
      const signed = service.signInvoice({ ...invoice, memo: ZERO_HASH });
      const end: Request = act.kept
        ? { type: "reveal", preimage }
        : { type: "releaseHosted", from: account, token: POINTS, hash: invoice.hash };
      return [{ type: "payInvoice", from, signed, fee: 1n }, end];
    }
    case "settle": {
      const none = { deposited: 3n, withdrawn: 0n, reclaimed: 0n, collateral: 3n };
      return [
        { type: "freeze", channelId },
        { type: "settleEpoch", channelId, funds: none },
      ];
    }
  }
}

function balancesOf(log: readonly LedgerEvent[]): Map<string, bigint> {
  const balances = new Map<string, bigint>();
  const add = (account: string, amount: bigint) => balances.set(account, (balances.get(account) ?? 0n) + amount);
  for (const { account, counterparty, amount } of log) {
    if (account === null || counterparty === null || amount === null) continue;
    add(account, -amount);
    add(counterparty, amount);
  }
  return balances;
}
