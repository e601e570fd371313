import { expect } from "chai";
import fc from "fast-check";

import {
  digest,
  hashInvoice,
  hashOfPreimage,
  keccakText,
  sign,
  ZERO_HASH,
  type Address,
  type Hash,
  type SignedInvoice,
} from "../../src/protocol";
import type { AccountService, Request } from "../../src/service";
import { openStore } from "../../src/store";
import { crashing } from "../helpers/crashing";
import { onEachDatabase, openTestStore } from "../helpers/databases";
import { expectError } from "../helpers/errors";
import { endLeases } from "../helpers/leases";
import {
  freshService as freshServiceOn,
  listAssets,
  MARGIN,
  NOW,
  openHosted,
  person,
  POINTS,
  pointsOf,
  SEPARATOR,
  startService,
  SYSTEM,
} from "../helpers/service";

const secret = (i: number): Hash => keccakText(`secret ${i}`);
const hash = (i: number): Hash => hashOfPreimage(secret(i));

const invoice = (service: AccountService, account: Address, amount: bigint, i = 1): SignedInvoice =>
  service.signInvoice({ hash: hash(i), amount, token: POINTS, expiry: NOW + 300n, account, memo: ZERO_HASH });

const pay = (from: Address, signed: SignedInvoice, fee = 0n): Request => ({ type: "payInvoice", from, signed, fee });

const reveal = (i = 1): Request => ({ type: "reveal", preimage: secret(i) });

const lapse: Request = { type: "observeChain", finalTime: NOW + 301n, registered: [] };

/** What is not locked. */
function spendable(service: AccountService, account: Address): bigint {
  return pointsOf(service, account) - service.channelOf(account, POINTS)!.state.locked;
}

async function payingParties(service: AccountService): Promise<[Address, Address]> {
  return [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
}

onEachDatabase("Conditional transfers at the service", (database) => {
  const freshService = (context: Mocha.Context, limit?: bigint) => freshServiceOn(context, limit, database);

  it("pay an invoice of a hosted account, which the preimage settles", async function () {
    const { service } = await freshService(this);
    const [alice, bob] = await payingParties(service);
    const { channelId } = await service.submit(pay(alice, invoice(service, bob, 30n), 2n));
    expect([spendable(service, alice), pointsOf(service, bob)]).to.deep.equal([68n, 0n]);
    expect(service.channel(channelId!)?.outgoing).to.deep.equal([
      { index: 0n, hash: hash(1), amount: 32n, expiry: NOW + 300n + MARGIN },
    ]);
    expect(service.channelOf(bob, POINTS)?.incoming).to.deep.equal([
      { index: 0n, hash: hash(1), amount: 30n, expiry: NOW + 300n },
    ]);
    await service.submit(reveal());
    expect(pointsOf(service, bob)).to.equal(30n);
    expect(service.lockOutcomes(channelId!)).to.deep.equal([{ type: "foldLock", index: 0n, preimage: secret(1) }]);
    await service.foldHosted();
    expect([spendable(service, alice), service.channelOf(alice, POINTS)?.outgoing]).to.deep.equal([68n, []]);
    expect([...service.openHtlcs()]).to.deep.equal([]);
    expect(await service.audit.isConserved(POINTS)).to.equal(true);
  });

  it("give the payer its money back when the payee gives up, or the expiry is final", async function () {
    const { service } = await freshService(this);
    const [alice, bob] = await payingParties(service);
    await service.submit(pay(alice, invoice(service, bob, 30n)));
    await service.submit({ type: "releaseHosted", from: bob, token: POINTS, hash: hash(1) });
    expect(service.lockOutcomes(service.channelOf(alice, POINTS)!.id)).to.deep.equal([]);
    await service.foldHosted();
    expect([spendable(service, alice), pointsOf(service, bob)]).to.deep.equal([100n, 0n]);
    await service.submit(pay(alice, invoice(service, bob, 30n, 2)));
    await service.submit(lapse);
    await service.foldHosted();
    expect([spendable(service, alice), pointsOf(service, bob)]).to.deep.equal([100n, 0n]);
    expect(await service.audit.isConserved(POINTS)).to.equal(true);
  });

  it("tell the payer the preimage as soon as it is durable", async function () {
    const { service } = await freshService(this);
    const [alice, bob] = await payingParties(service);
    const told: unknown[] = [];
    service.announcements.outcomes.add(alice, (delivery) => told.push(delivery));
    await service.submit(pay(alice, invoice(service, bob, 30n)));
    expect(told).to.deep.equal([]);
    await service.submit(reveal());
    const { id } = service.channelOf(alice, POINTS)!;
    expect(told).to.deep.equal([{ channelId: id, outcomes: [{ type: "foldLock", index: 0n, preimage: secret(1) }] }]);
  });

  it("name what must be registered on chain when the payer does not fold in time", async function () {
    let now = NOW;
    const service = await startService(await openTestStore(this, await database.fresh(this)), { now: () => now });
    await listAssets(service);
    const [alice, bob] = await payingParties(service);
    await service.submit(pay(alice, invoice(service, bob, 30n)));
    await service.submit(reveal());
    expect(service.preimagesToRegister()).to.deep.equal([]);
    now = NOW + 300n + MARGIN / 2n;
    expect(service.preimagesToRegister().map(({ preimage }) => preimage)).to.deep.equal([secret(1)]);
    await service.submit({ type: "observeChain", finalTime: now, registered: [{ preimage: secret(1), time: now }] });
    expect(service.preimagesToRegister()).to.deep.equal([]);
  });

  it("case 29: one hash is paid once; another invoice's signature is none", async function () {
    const { service } = await freshService(this);
    const [alice, bob] = await payingParties(service);
    const signed = invoice(service, bob, 30n);
    await service.submit(pay(alice, signed), "key");
    await service.submit(pay(alice, signed), "key");
    await expectError(() => service.submit(pay(alice, signed)), "hash_used", { hash: hash(1) });
    const forged = sign(digest(SEPARATOR, hashInvoice(signed.invoice)), person("mallory").key);
    await expectError(() => service.submit(pay(alice, { ...signed, signature: forged })), "wrong_signer", {
      want: bob,
    });
    expect(spendable(service, alice)).to.equal(70n);
  });

  it("sign no invoice for an account whose key the service does not hold", async function () {
    const { service } = await freshService(this);
    const { address } = person("carol");
    await service.submit({ type: "openAccount", address, tokens: [POINTS] });
    await expectError(() => invoice(service, address, 1n), "not_hosted", { account: address });
    await expectError(() => invoice(service, person("nobody").address, 1n), "unknown_account");
  });

  describe("case 23: a crash at any point of a commit", () => {
    const steps: Record<string, Request | "pay" | "fold" | "release"> = {
      lock: "pay",
      reveal: reveal(),
      release: "release",
      lapse,
      fold: "fold",
    };
    for (const [name, request] of Object.entries(steps)) {
      for (const crashAt of ["before", "after"] as const) {
        it(`${crashAt} the ${name} is durable: the books hold, and the transfer ends on both legs alike`, async function () {
          const url = await database.fresh(this);
          const store = crashing(await openStore(url));
          const service = await startService(store);
          await listAssets(service);
          const [alice, bob] = await payingParties(service);
          const locking = pay(alice, invoice(service, bob, 30n), 2n);
          if (request !== "pay") await service.submit(locking);
          if (request === "fold") await service.submit(reveal());
          store.crashAt = crashAt;
          const releasing: Request = { type: "releaseHosted", from: bob, token: POINTS, hash: hash(1) };
          const asked =
            request === "pay"
              ? service.submit(locking)
              : request === "fold"
                ? service.foldHosted()
                : service.submit(request === "release" ? releasing : request);
          await expectError(() => asked, "outcome_unknown", { reason: `Error: ${crashAt}` });
          await store.close();
          await endLeases(database, url);

          const again = await startService(await openTestStore(this, url));
          expect(await again.audit.isConserved(POINTS)).to.equal(true);
          const isPending = [...again.openHtlcs()].map(({ status }) => status).includes("pending");
          expect(isPending).to.equal(
            request === "pay" ? crashAt === "after" : request !== "fold" && crashAt === "before",
          );
          if (request === "release" || name === "lapse") {
            if (isPending) await again.submit(request === "release" ? releasing : lapse);
          } else {
            if (request === "pay" && !isPending) await again.submit(locking);
            await again.submit(reveal());
          }
          await again.foldHosted();
          const failed = request === "release" || name === "lapse";
          expect([spendable(again, alice), pointsOf(again, bob)]).to.deep.equal(failed ? [100n, 0n] : [68n, 30n]);
          expect([...again.openHtlcs()]).to.deep.equal([]);
          expect(await again.audit.isConserved(POINTS)).to.equal(true);
        });
      }
    }
  });

  it("a store whose locks are not those that were signed is refused", async function () {
    const { url, store, service } = await freshService(this);
    const [alice, bob] = await payingParties(service);
    await service.submit(pay(alice, invoice(service, bob, 30n)));
    const { id } = service.channelOf(bob, POINTS)!;
    await store.close();
    await database.execute(url, "UPDATE channels SET incoming = NULL");
    const reopened = await openTestStore(this, url);
    await expectError(() => startService(reopened), "store_corrupt", { channel: id });
  });

  it("property 1: with locks, any sequence of requests conserves money, and a restart changes nothing", async function () {
    const index = fc.nat(2);
    const action = fc.record({
      type: fc.constantFrom("issue", "pay", "lock", "lock", "reveal", "release", "fold", "wait", "register", "restart"),
      who: index,
      to: index,
      which: fc.nat(5),
      amount: fc.bigInt(1n, 60n),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 30 }), async (actions) => {
        const url = await database.fresh(this);
        let now = NOW;
        let store = await openStore(url);
        let service = await startService(store, { now: () => now });
        await listAssets(service);
        const people = await Promise.all(["a", "b", "c"].map((name) => openHosted(service, name, 50n)));
        for (const { type, who, to, which, amount } of actions) {
          const [payer, payee] = [people[who]!, people[to]!];
          const invoiced = () =>
            service.signInvoice({
              hash: hash(which),
              amount,
              token: POINTS,
              expiry: now + 300n,
              account: payee,
              memo: ZERO_HASH,
            });
          const actions: Record<string, () => Promise<unknown>> = {
            issue: () => service.submit({ type: "issue", account: payer, token: POINTS, amount, reference: ZERO_HASH }),
            pay: () =>
              service.submit({ type: "pay", from: payer, to: payee, token: POINTS, amount, reference: ZERO_HASH }),
            lock: () => service.submit(pay(payer, invoiced(), 1n)),
            reveal: () => service.submit(reveal(which)),
            release: () => service.submit({ type: "releaseHosted", from: payer, token: POINTS, hash: hash(which) }),
            fold: () => service.foldHosted(),
            register: () =>
              service.submit({
                type: "observeChain",
                finalTime: now,
                registered: [{ preimage: secret(which), time: now }],
              }),
            wait: () => {
              now += 5n * amount;
              return service.submit({ type: "observeChain", finalTime: now, registered: [] });
            },
            restart: async () => {
              const before = snapshot(service);
              await store.close();
              store = await openStore(url);
              service = await startService(store, { now: () => now });
              expect(snapshot(service)).to.deep.equal(before);
            },
          };
          await actions[type]!().catch((error: unknown) => {
            if (!(error instanceof Error) || error.name !== "StarledgerError") throw error;
          });
          expect(await service.audit.isConserved(POINTS)).to.equal(true);
          for (const account of people) expect(spendable(service, account) >= 0n).to.equal(true);
        }
        await store.close();
      }),
      { numRuns: 25 },
    );
  });
});

/** Everything that a restart must bring back. */
function snapshot(service: AccountService): unknown[] {
  const by = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  const channels = [...service.channels()].sort(by);
  const htlcs = [...service.openHtlcs()].map((htlc) => ({ ...htlc, id: `${htlc.payer}${htlc.version}` })).sort(by);
  const outcomes = channels.map(({ id }) => service.lockOutcomes(id));
  return [channels, htlcs, outcomes, SYSTEM];
}
