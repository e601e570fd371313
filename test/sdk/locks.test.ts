import path from "node:path";

import { expect } from "chai";

import { fail } from "../../src/errors";
import {
  digest,
  emptyNote,
  hashNote,
  hashOfPreimage,
  keccakText,
  lockSummary,
  sign,
  ZERO_HASH,
  type Hash,
  type Lock,
  type Note,
  type SignedInvoice,
} from "../../src/protocol";
import { FileStore, Wallet, type Registrar, type ServiceApi, type WalletRecord, type WalletStore } from "../../src/sdk";
import type { AccountService } from "../../src/service";
import { expectError } from "../helpers/errors";
import {
  apiOf,
  freshService,
  issue,
  MARGIN,
  NOW,
  person,
  POINTS,
  pointsOf,
  SEPARATOR,
  SIGNER_KEY,
  temporaryFolder,
  walletOptions,
} from "../helpers/service";

const ENDS = NOW + 300n;

/** A registry that mines at once; what is final is what the test says. */
class TestRegistrar implements Registrar {
  readonly sent: Hash[] = [];
  readonly final = new Map<Hash, bigint>();

  register(preimages: readonly Hash[]): Promise<void> {
    this.sent.push(...preimages);
    return Promise.resolve();
  }

  registeredAt(hash: Hash): Promise<bigint | undefined> {
    return Promise.resolve(this.final.get(hash));
  }
}

interface Party {
  readonly wallet: Wallet;
  readonly store: FileStore;
  restore(): Promise<Wallet>;
}

interface Setting {
  readonly api?: (service: ServiceApi) => ServiceApi;
  readonly store?: (file: FileStore) => WalletStore;
  readonly registrar?: Registrar;
  readonly now?: () => bigint;
}

/** A self-custody account that fetches its notes itself. */
async function join(
  context: Mocha.Context,
  service: AccountService,
  name: string,
  setting: Setting = {},
): Promise<Party> {
  const { key, address } = person(name);
  await service.submit({ type: "openAccount", address, tokens: [POINTS] });
  const store = await FileStore.open(path.join(temporaryFolder(context), `${name}.jsonl`));
  const honest = apiOf(service);
  const { registrar, now = () => NOW } = setting;
  const common = { ...(registrar !== undefined && { registrar }), now };
  const wallet = Wallet.create({
    ...walletOptions(key, setting.store?.(store) ?? store, setting.api?.(honest) ?? honest),
    ...common,
  });
  return { wallet, store, restore: () => Wallet.restore({ ...walletOptions(key, store, honest), ...common }) };
}

/** Alice with 100 points, and Bob. */
async function parties(context: Mocha.Context, settings: { alice?: Setting; bob?: Setting } = {}) {
  const { service } = await freshService(context);
  const alice = await join(context, service, "alice", settings.alice);
  const bob = await join(context, service, "bob", settings.bob);
  await issue(service, person("alice").address, 100n);
  await alice.wallet.sync();
  return { service, alice, bob };
}

const spendable = ({ balance, state }: Wallet): bigint => balance - state.locked;

/** A service that takes preimages and does nothing. */
const silent = (honest: ServiceApi): ServiceApi => ({ ...honest, reveal: () => Promise.resolve() });

describe("Wallet: conditional payments", () => {
  it("are locked by the payer, claimed by the payee, and folded by the payer", async function () {
    const { service, alice, bob } = await parties(this);
    const signed = await bob.wallet.invoice({ amount: 30n, expiry: ENDS });
    await alice.wallet.payInvoice(signed, 2n);
    expect(alice.wallet.outgoing).to.deep.equal([
      { index: 0n, hash: signed.invoice.hash, amount: 32n, expiry: ENDS + MARGIN },
    ]);
    expect([alice.wallet.balance, alice.wallet.available]).to.deep.equal([100n, 68n]);
    await bob.wallet.sync();
    await bob.wallet.sync();
    expect([bob.wallet.balance, bob.wallet.incoming]).to.deep.equal([30n, []]);
    await alice.wallet.sync();
    expect([alice.wallet.balance, alice.wallet.outgoing]).to.deep.equal([68n, []]);
    const proof = alice.wallet.complete?.operations.find(({ type }) => type === "foldLock");
    expect(proof?.type === "foldLock" && hashOfPreimage(proof.preimage)).to.equal(signed.invoice.hash);
    expect([pointsOf(service, person("alice").address), await service.audit.isConserved(POINTS)]).to.deep.equal([
      68n,
      true,
    ]);
  });

  it("of a hold invoice wait for the payee", async function () {
    const { alice, bob } = await parties(this);
    const { invoice, signature } = await bob.wallet.invoice({ amount: 30n, expiry: ENDS, hold: true });
    await alice.wallet.payInvoice({ invoice, signature });
    await bob.wallet.sync();
    expect([bob.wallet.balance, bob.wallet.incoming.length]).to.deep.equal([0n, 1]);
    await bob.wallet.reveal(invoice.hash);
    await bob.wallet.sync();
    expect(bob.wallet.balance).to.equal(30n);
    await expectError(() => bob.wallet.reveal(invoice.hash), "unknown_lock", { hash: invoice.hash });
    await expectError(() => bob.wallet.cancel(invoice.hash), "unknown_lock");
  });

  it("case 29: a cancelled one fails back, and can be asked for again", async function () {
    const { service, alice, bob } = await parties(this);
    const signed = await bob.wallet.invoice({ amount: 30n, expiry: ENDS, hold: true });
    const { hash } = signed.invoice;
    await alice.wallet.payInvoice(signed);
    await bob.wallet.sync();
    await bob.wallet.cancel(hash);
    await expectError(() => bob.wallet.reveal(hash), "unknown_lock", { hash });
    await alice.wallet.sync();
    expect([alice.wallet.available, bob.wallet.balance]).to.deep.equal([100n, 0n]);
    await alice.wallet.payInvoice(signed);
    await bob.wallet.sync();
    await bob.wallet.reveal(hash);
    await bob.wallet.sync();
    expect(bob.wallet.balance).to.equal(30n);
    expect(await service.audit.isConserved(POINTS)).to.equal(true);
  });

  it("case 29: one given up stays given up, however often, whatever is refused after it", async function () {
    let answers = 0;
    const lossy = (honest: ServiceApi): ServiceApi => ({
      ...honest,
      submitState: async (request) => {
        const signature = await honest.submitState(request);
        return answers-- > 0 ? fail("unreachable") : signature;
      },
    });
    const { service, alice, bob } = await parties(this, { bob: { api: lossy } });
    await issue(service, person("bob").address, 5n);
    const signed = await bob.wallet.invoice({ amount: 30n, expiry: ENDS, hold: true });
    const { hash } = signed.invoice;
    await alice.wallet.payInvoice(signed);
    await bob.wallet.sync();
    answers = 1;
    await expectError(() => bob.wallet.cancel(hash), "unreachable");
    const restored = await bob.restore();
    await expectError(() => restored.transact([{ type: "releaseLock", hash }]), "unknown_lock", { hash });
    await restored.cancel(hash);
    expect([restored.balance, restored.incoming]).to.deep.equal([5n, []]);
    await alice.wallet.sync();
    expect([alice.wallet.available, alice.wallet.outcomeOf(hash)]).to.deep.equal([100n, { status: "returned" }]);
  });

  it("case 29: a claim that has begun is not cancelled, and the other way round", async function () {
    const { alice, bob } = await parties(this, { bob: { api: silent } });
    const signed = await bob.wallet.invoice({ amount: 30n, expiry: ENDS, hold: true });
    await alice.wallet.payInvoice(signed);
    await bob.wallet.sync();
    await bob.wallet.reveal(signed.invoice.hash);
    await expectError(() => bob.wallet.cancel(signed.invoice.hash), "unknown_lock");
  });

  it("case 29: one invoice is paid once, a forged or foreign one never", async function () {
    const { alice, bob } = await parties(this);
    const signed = await bob.wallet.invoice({ amount: 30n, expiry: ENDS });
    await alice.wallet.payInvoice(signed);
    await expectError(() => alice.wallet.payInvoice(signed), "hash_used", { hash: signed.invoice.hash });
    const more = { ...signed, invoice: { ...signed.invoice, amount: 31n } };
    await expectError(() => alice.wallet.payInvoice(more), "wrong_signer", { want: person("bob").address });
    const late = await bob.wallet.invoice({ amount: 1n, expiry: NOW + 950n });
    await expectError(() => alice.wallet.payInvoice(late), "bad_expiry", { limit: NOW + 1_000n });
    const dear = await bob.wallet.invoice({ amount: 1n, expiry: ENDS });
    await expectError(() => alice.wallet.payInvoice(dear, 100n), "insufficient_balance", { short: 31 });
    await expectError(() => bob.wallet.invoice({ amount: 0n, expiry: ENDS }), "invalid_amount");
    expect(alice.wallet.available).to.equal(70n);
  });

  it("case 17: that nobody claimed come back when the expiry is final", async function () {
    const { service, alice, bob } = await parties(this);
    await alice.wallet.payInvoice(await bob.wallet.invoice({ amount: 30n, expiry: ENDS, hold: true }));
    await bob.wallet.sync();
    await service.submit({ type: "observeChain", finalTime: ENDS + 1n, registered: [] });
    // Bob believes it only when his own node says so too.
    await expectError(() => bob.wallet.sync(), "stale_note");
    bob.wallet.updateFunds({ deposited: 0n, withdrawn: 0n, reclaimed: 0n, collateral: 0n }, ENDS + 1n);
    await bob.wallet.sync();
    await alice.wallet.sync();
    expect([alice.wallet.available, bob.wallet.incoming]).to.deep.equal([100n, []]);
  });

  it("are claimed when more is promised than was asked for, never when less is", async function () {
    const { alice, bob } = await parties(this);
    const lockFor = async (amount: bigint, { invoice }: SignedInvoice): Promise<void> => {
      const { hash, account: to } = invoice;
      const lock = { type: "lock", to, amount, fee: 0n, hash, expiry: ENDS + MARGIN, reference: ZERO_HASH } as const;
      await alice.wallet.transact([lock]);
      await bob.wallet.sync();
      await bob.wallet.sync();
    };
    await lockFor(29n, await bob.wallet.invoice({ amount: 30n, expiry: ENDS }));
    expect([bob.wallet.balance, bob.wallet.incoming.length]).to.deep.equal([0n, 1]);
    await lockFor(31n, await bob.wallet.invoice({ amount: 30n, expiry: ENDS }));
    expect([bob.wallet.balance, bob.wallet.incoming.length]).to.deep.equal([31n, 1]);
  });

  describe("U5: notes that the payee does not believe", () => {
    const by = (note: Note, locks: Lock[]) => ({
      note,
      locks,
      signed: { signature: sign(digest(SEPARATOR, hashNote(note)), SIGNER_KEY), proof: [] },
    });

    it("one that drops a lock without credit, or whose locks are not those that were signed", async function () {
      const { alice, bob } = await parties(this, { bob: { api: silent } });
      await alice.wallet.payInvoice(await bob.wallet.invoice({ amount: 30n, expiry: ENDS }));
      await bob.wallet.sync();
      const next = { ...emptyNote(bob.wallet.id), seq: 2n };
      await expectError(() => bob.wallet.receive(by({ ...next, credited: 29n }, [])), "stale_note", {
        heldCredited: 30,
      });
      const [lock] = bob.wallet.incoming;
      const summary = lockSummary([lock!]);
      await expectError(() => bob.wallet.receive(by({ ...next, ...summary, locked: 31n }, [lock!])), "locks_mismatch");
      const far = { index: 1n, hash: ZERO_HASH, amount: 1n, expiry: NOW + 1_001n };
      const more = { ...next, ...lockSummary([lock!, far]) };
      await expectError(() => bob.wallet.receive(by(more, [lock!, far])), "bad_expiry");
      await bob.wallet.receive(by({ ...next, ...summary }, [lock!]));
    });

    it("a preimage of another hash moves no payer", async function () {
      const { alice, bob } = await parties(this, {
        alice: {
          api: (honest) => ({
            ...honest,
            lockOutcomes: () => Promise.resolve([{ type: "foldLock", index: 0n, preimage: keccakText("other") }]),
          }),
        },
      });
      await alice.wallet.payInvoice(await bob.wallet.invoice({ amount: 30n, expiry: ENDS }));
      await expectError(() => alice.wallet.sync(), "wrong_preimage");
      expect(alice.wallet.outgoing).to.have.length(1);
    });

    it("a payer whose lock S would not give back goes on paying", async function () {
      const { alice, bob } = await parties(this, {
        alice: {
          api: (honest) => ({
            ...honest,
            lockOutcomes: () => Promise.resolve([{ type: "dropLock", index: 0n }]),
          }),
        },
      });
      await alice.wallet.payInvoice(await bob.wallet.invoice({ amount: 30n, expiry: ENDS }));
      await expectError(() => alice.wallet.sync(), "lock_pending");
      await alice.wallet.pay(person("bob").address, 10n, ZERO_HASH);
      expect([alice.wallet.outgoing.length, alice.wallet.available]).to.deep.equal([1, 60n]);
    });
  });

  describe("U4, case 18: a preimage that S keeps to itself", () => {
    it("is registered half a margin before the lock ends, not before, and once the chain has it the lock is money", async function () {
      const registrar = new TestRegistrar();
      let now = NOW;
      const { service, alice, bob } = await parties(this, { bob: { api: silent, registrar, now: () => now } });
      const { invoice, signature } = await bob.wallet.invoice({ amount: 30n, expiry: ENDS });
      await alice.wallet.payInvoice({ invoice, signature });
      await bob.wallet.sync();
      now = ENDS - MARGIN / 2n - 1n;
      await bob.wallet.registerDue();
      expect(registrar.sent).to.deep.equal([]);
      now += 1n;
      await bob.wallet.registerDue();
      expect(registrar.sent.map(hashOfPreimage)).to.deep.equal([invoice.hash]);
      registrar.final.set(invoice.hash, now);
      await bob.wallet.registerDue();
      expect(registrar.sent).to.have.length(1);

      // A note that says it lapsed is a lie.
      const funds = { deposited: 0n, withdrawn: 0n, reclaimed: 0n, collateral: 0n };
      bob.wallet.updateFunds(funds, ENDS + 1n);
      const lie = { ...emptyNote(bob.wallet.id), seq: 2n };
      const signed = { signature: sign(digest(SEPARATOR, hashNote(lie)), SIGNER_KEY), proof: [] };
      await expectError(() => bob.wallet.receive({ note: lie, locks: [], signed }), "stale_note");
      const restored = await bob.restore();
      restored.updateFunds(funds, ENDS + 1n);
      await expectError(() => restored.receive({ note: lie, locks: [], signed }), "stale_note");

      // What the chain shows pays both legs, whatever S was given.
      const [preimage] = registrar.sent;
      await service.submit({ type: "observeChain", finalTime: now, registered: [{ preimage: preimage!, time: now }] });
      await bob.wallet.sync();
      await alice.wallet.sync();
      expect([alice.wallet.balance, bob.wallet.balance]).to.deep.equal([70n, 30n]);
    });

    it("U5: a note whose locks are out of order is not believed; what was promised before is claimed without it", async function () {
      const registrar = new TestRegistrar();
      const { alice, bob } = await parties(this, { bob: { api: silent, registrar } });
      await alice.wallet.payInvoice(await bob.wallet.invoice({ amount: 30n, expiry: ENDS }));
      await bob.wallet.sync();
      const [first] = bob.wallet.incoming;
      const second: Lock = { index: 1n, hash: keccakText("second"), amount: 5n, expiry: ENDS };
      const ordered = [first!, second];
      const note: Note = { ...emptyNote(bob.wallet.id), seq: 2n, ...lockSummary(ordered) };
      const signed = { signature: sign(digest(SEPARATOR, hashNote(note)), SIGNER_KEY), proof: [] };

      // The root is the same in both orders, and so is what was signed.
      await expectError(() => bob.wallet.receive({ note, locks: [second, first!], signed }), "locks_mismatch");
      expect([bob.wallet.incoming, (await bob.restore()).incoming]).to.deep.equal([[first], [first]]);
      const { held } = await bob.wallet.close(NOW);
      expect([held?.note.seq, held?.locks]).to.deep.equal([1n, [first]]);
      await bob.wallet.registerDue();
      expect(registrar.sent.map(hashOfPreimage)).to.deep.equal([first?.hash]);

      const elsewhere = await parties(this);
      await elsewhere.bob.wallet.receive({ note, locks: ordered, signed });
      expect(elsewhere.bob.wallet.incoming).to.deep.equal(ordered);
    });

    it("after that time is revealed by registering it alone", async function () {
      const registrar = new TestRegistrar();
      const late = { registrar, now: () => ENDS - MARGIN / 2n };
      const { service, alice, bob } = await parties(this, { bob: late });
      const { invoice, signature } = await bob.wallet.invoice({ amount: 30n, expiry: ENDS, hold: true });
      await alice.wallet.payInvoice({ invoice, signature });
      await bob.wallet.sync();
      await bob.wallet.reveal(invoice.hash);
      expect(registrar.sent.map(hashOfPreimage)).to.deep.equal([invoice.hash]);
      expect([...service.openHtlcs()].map(({ status }) => status)).to.deep.equal(["pending"]);
    });

    it("is not revealed at all when it is too late, or cannot be registered any more", async function () {
      for (const now of [ENDS - MARGIN / 2n, ENDS]) {
        const { alice, bob } = await parties(this, { bob: { now: () => now } });
        const { invoice, signature } = await bob.wallet.invoice({ amount: 30n, expiry: ENDS, hold: true });
        await alice.wallet.payInvoice({ invoice, signature });
        await bob.wallet.sync();
        await expectError(() => bob.wallet.reveal(invoice.hash), "lock_expired", { now });
      }
    });

    it("S6: a payee that closes registers what it was promised at once", async function () {
      const registrar = new TestRegistrar();
      const { alice, bob } = await parties(this, {
        bob: { registrar, api: (honest) => ({ ...honest, reveal: () => Promise.reject(new Error("down")) }) },
      });
      const { invoice, signature } = await bob.wallet.invoice({ amount: 30n, expiry: ENDS });
      await alice.wallet.payInvoice({ invoice, signature });
      await expectError(async () => {
        await bob.wallet.sync().catch(() => fail("stopped"));
      }, "stopped");
      const { held } = await bob.wallet.close(NOW);
      expect(held?.locks.map(({ hash }) => hash)).to.deep.equal([invoice.hash]);
      await bob.wallet.registerDue();
      expect(registrar.sent.map(hashOfPreimage)).to.deep.equal([invoice.hash]);
    });
  });

  describe("case 23: crashes", () => {
    it("gives no preimage away before the note that promises money is stored", async function () {
      const revealed: Hash[] = [];
      let isFull = true;
      const { alice, bob } = await parties(this, {
        bob: {
          api: (honest) => ({
            ...honest,
            reveal: (preimage) => {
              revealed.push(preimage);
              return honest.reveal(preimage);
            },
          }),
          store: (file) => ({
            append: (record) =>
              record.type === "received" && isFull ? Promise.reject(new Error("disk full")) : file.append(record),
            records: (id) => file.records(id),
          }),
        },
      });
      await alice.wallet.payInvoice(await bob.wallet.invoice({ amount: 30n, expiry: ENDS }));
      await bob.wallet.sync().catch(() => undefined);
      await bob.wallet.sync().catch(() => undefined);
      expect(revealed).to.deep.equal([]);
      isFull = false;
      await bob.wallet.sync();
      await bob.wallet.sync();
      expect([bob.wallet.balance, new Set(revealed).size]).to.deep.equal([30n, 1]);
    });

    for (const outcome of ["paid", "cancelled"] as const) {
      it(`at any record of either wallet, before or after it is stored: ${outcome} once, on both legs`, async function () {
        let points = 0;
        for (const when of ["before", "after"] as const) {
          for (let at = 1; ; at++) {
            const crash = new CrashPoint(at, when);
            const { service, alice, bob } = await parties(this, {
              alice: { store: (file) => crash.wrap(file) },
              bob: { store: (file) => crash.wrap(file) },
            });
            crash.isArmed = true;
            await carryOut(alice.wallet, bob.wallet, outcome).catch((error: unknown) => {
              if (!crash.happened) throw error;
            });
            if (!crash.happened) break;
            points += 1;
            const [a, b] = [await alice.restore(), await bob.restore()];
            await a.resume();
            await b.resume();
            await carryOut(a, b, outcome);
            const ended = outcome === "paid" ? [70n, 30n] : [100n, 0n];
            expect([spendable(a), spendable(b)], `${when} record ${at}`).to.deep.equal(ended);
            const booked = ["alice", "bob"].map((name) => pointsOf(service, person(name).address));
            expect([booked, [...service.openHtlcs()].length]).to.deep.equal([ended, 0]);
            expect(await service.audit.isConserved(POINTS)).to.equal(true);
          }
        }
        expect(points).to.be.greaterThan(10);
      });
    }
  });
});

/** Both sides do what is left to do, from wherever they are. */
async function carryOut(alice: Wallet, bob: Wallet, outcome: "paid" | "cancelled"): Promise<void> {
  await alice.sync();
  await bob.sync();
  if (alice.outgoing.length === 0 && bob.incoming.length === 0 && bob.balance === 0n) {
    const signed = await bob.invoice({ amount: 30n, expiry: ENDS, hold: outcome === "cancelled" });
    await alice.payInvoice(signed);
    await bob.sync();
  }
  const [promise] = bob.incoming;
  if (outcome === "cancelled" && promise !== undefined) await bob.cancel(promise.hash);
  await bob.sync();
  await alice.sync();
}

/** The process dies at the record of this number, of all wallets together; nothing is stored after it. */
class CrashPoint {
  happened = false;
  isArmed = false;
  private records = 0;

  constructor(
    private readonly at: number,
    private readonly when: "before" | "after",
  ) {}

  wrap(file: FileStore): WalletStore {
    return {
      append: async (record: WalletRecord) => {
        if (this.isArmed) this.records += 1;
        if (this.records < this.at) return file.append(record);
        if (this.records === this.at && this.when === "after") await file.append(record);
        this.happened = true;
        throw new Error("crash");
      },
      records: (id) => file.records(id),
    };
  }
}
