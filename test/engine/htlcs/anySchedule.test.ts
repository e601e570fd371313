import { expect } from "chai";
import fc from "fast-check";

import { Batch, step, type Command } from "../../../src/engine";
import { StarledgerError } from "../../../src/errors";
import { NO_FUNDS, ZERO_HASH, type Hash } from "../../../src/protocol";
import { NOW, person, POINTS } from "../../helpers/service";
import { MARGIN, NAMES, SIGNATURE, World, hash, lockTo, reveal, secret, type Name } from "../helpers/world";

describe("property 6: for any schedule the payee is paid if and only if the payer pays", () => {
  const who = fc.constantFrom(...NAMES);
  const which = fc.nat(3);
  const amount = fc.bigInt(1n, 40n);
  const action = fc.oneof(
    fc.record({ type: fc.constant("issue" as const), who, amount }),
    fc.record({ type: fc.constant("pay" as const), who, to: who, amount }),
    { weight: 3, arbitrary: fc.record({ type: fc.constant("lock" as const), who, to: who, amount, which }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant("reveal" as const), which }) },
    fc.record({ type: fc.constant("register" as const), which }),
    { weight: 2, arbitrary: fc.record({ type: fc.constant("release" as const), who, which }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant("fold" as const), who }) },
    fc.record({ type: fc.constant("withdraw" as const), who, amount }),
    fc.record({ type: fc.constant("wait" as const), seconds: fc.bigInt(1n, 250n) }),
    fc.record({ type: fc.constant("leave" as const), who }),
    fc.record({ type: fc.constant("rejoin" as const), who }),
  );
  type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

  /** What each must have in the end, told from what was asked and accepted alone. */
  interface Transfer {
    readonly payer: Name;
    readonly payee: Name;
    readonly amount: bigint;
    readonly which: number;
    readonly ends: bigint;
    paid: boolean;
    /** The number of the payee's note without the lock that it gave up; null while it has not. */
    released: bigint | null;
  }

  class Model {
    readonly has: Record<Name, bigint> = { alice: 0n, bob: 0n, carol: 0n };
    readonly transfers: Transfer[] = [];
    private registrations: { preimage: Hash; time: bigint }[] = [];
    private readonly registered = new Set<number>();

    constructor(private readonly world: World) {}

    /** Carries the action out; what is refused changes nothing. */
    run(one: Action): void {
      try {
        this.carryOut(one);
      } catch (error) {
        if (!(error instanceof StarledgerError) || error.code === "journal_unbalanced") throw error;
      }
    }

    private carryOut(one: Action): void {
      const { world, has } = this;
      switch (one.type) {
        case "issue":
          world.run({
            type: "issue",
            account: person(one.who).address,
            token: POINTS,
            amount: one.amount,
            reference: ZERO_HASH,
          });
          has[one.who] += one.amount;
          return;
        case "pay":
          world.run(
            world.state(one.who, [
              { type: "pay", to: person(one.to).address, amount: one.amount, reference: ZERO_HASH },
            ]),
          );
          has[one.who] -= one.amount;
          has[one.to] += one.amount;
          return;
        case "lock": {
          const expiry = world.now + 300n;
          world.run(world.state(one.who, [lockTo(one.to, one.amount, one.which, { expiry })]));
          const ends = expiry - MARGIN;
          const { who: payer, to: payee, which: i } = one;
          this.transfers.push({ payer, payee, amount: one.amount, which: i, ends, paid: false, released: null });
          return;
        }
        case "reveal": {
          const open = this.openFor(one.which).filter(
            ({ ends, payee }) => world.now < ends && world.channel(payee).status === "open",
          );
          world.run(reveal(one.which));
          for (const transfer of open) transfer.paid = true;
          return;
        }
        case "register":
          if (!this.registered.has(one.which)) {
            this.registrations.push({ preimage: secret(one.which), time: world.now });
          }
          this.registered.add(one.which);
          return;
        case "release": {
          const transfer = this.openFor(one.which).find(({ payee }) => payee === one.who);
          world.run(world.state(one.who, [{ type: "releaseLock", hash: hash(one.which) }]));
          transfer!.released = world.channel(one.who).note.seq;
          return;
        }
        case "fold":
          world.fold(one.who);
          return;
        case "withdraw":
          return this.withdraw(one.who, one.amount);
        case "wait":
          world.now += one.seconds;
          return this.observe();
        case "leave":
          world.run({ type: "freeze", channelId: world.channel(one.who).id });
          return;
        case "rejoin":
          if (world.channel(one.who).status !== "frozen") return;
          world.run({ type: "settleEpoch", channelId: world.channel(one.who).id, funds: NO_FUNDS });
          this.left.add(one.who);
      }
    }

    /** Who closed once: what it had then is the chain's affair, and no longer compared. */
    readonly left = new Set<Name>();

    observe(): void {
      const before = new Map(this.transfers.map((transfer) => [transfer, this.mayClaim(transfer)]));
      const { registrations } = this;
      this.registrations = [];
      this.world.observe(this.world.now, registrations);
      for (const { preimage, time } of registrations) {
        for (const transfer of this.transfers) {
          if (secret(transfer.which) === preimage && time < transfer.ends && before.get(transfer)) transfer.paid = true;
        }
      }
    }

    private openFor(which: number): Transfer[] {
      return this.transfers.filter(
        (one) => one.which === which && !one.paid && one.released === null && !this.isOver(one),
      );
    }

    /** The chain may still pay it: it lapses only when its expiry is final, is free only when the release is folded. */
    private mayClaim(transfer: Transfer): boolean {
      if (transfer.paid || this.isOver(transfer)) return false;
      if (transfer.released === null) return true;
      const { state, status } = this.world.channel(transfer.payee);
      return status !== "settled" && state.noteSeq < transfer.released;
    }

    private isOver({ which, payee }: Transfer): boolean {
      const { id } = this.world.channel(payee);
      return ![...this.world.ledger.htlcsUnder(hash(which))].some(
        (htlc) => htlc.payee === id && htlc.status !== "settled",
      );
    }

    private withdraw(name: Name, taken: bigint): void {
      const { world } = this;
      const { id, funds } = world.channel(name);
      const withdrawal = {
        channelId: id,
        withdrawn: funds.withdrawn + taken,
        reclaimed: 0n,
        recipient: person(name).address,
        deadline: world.now + 10n,
      };
      world.run({ type: "withdraw", withdrawal, signature: SIGNATURE, signer: person(name).address });
      const after = { ...funds, withdrawn: withdrawal.withdrawn };
      world.run({ type: "updateFunds", channelId: id, funds: after, finalTime: world.now });
      this.has[name] -= taken;
    }
  }

  it("whatever is locked, revealed, registered, released, folded, withdrawn or closed, in any order", () => {
    const outcomes = { paid: 0, failed: 0 };
    fc.assert(
      fc.property(fc.array(action, { minLength: 5, maxLength: 60 }), (actions) => {
        const world = new World();
        for (const name of NAMES) world.issue(name, 100n);
        const model = new Model(world);
        for (const name of NAMES) model.has[name] = 100n;
        for (const one of actions) {
          model.run(one);
          world.check();
        }
        // In the end every expiry is final, and everyone signs what is due.
        world.now += 1_000n;
        model.observe();
        for (const name of [...NAMES, ...NAMES]) model.run({ type: "fold", who: name });
        world.check();
        for (const { payer, payee, amount: sum, paid } of model.transfers) {
          outcomes[paid ? "paid" : "failed"] += 1;
          if (!paid) continue;
          model.has[payer] -= sum;
          model.has[payee] += sum;
        }
        const stayed = NAMES.filter((name) => !model.left.has(name) && world.channel(name).status === "open");
        if (model.left.size === 0) {
          for (const name of stayed) expect(world.money(name), name).to.equal(model.has[name]);
        }
        for (const { payer, payee, status, over } of world.ledger.openHtlcs()) {
          const isClosing = [payer, payee].some((id) => world.ledger.channel(id)?.status !== "open");
          expect([isClosing, status !== "pending", over]).to.deep.equal([true, true, false]);
        }
      }),
      { numRuns: 200 },
    );
    expect([outcomes.paid > 20, outcomes.failed > 20], JSON.stringify(outcomes)).to.deep.equal([true, true]);
  });

  it("many commands in one commit lead to what they lead to one by one", () => {
    const command = fc.record({ who, to: who, amount, which, kind: fc.nat(4) });
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 30 }), (commands) => {
        const [single, batched] = [new World(), new World()];
        for (const world of [single, batched]) for (const name of NAMES) world.issue(name, 100n);
        const batch = new Batch(batched.ledger);
        const context = { now: NOW, locks: single.policy };
        for (const { who: name, to, amount: sum, which: i, kind } of commands) {
          const next = [
            () => single.state(name, [lockTo(to, sum, i)]),
            () => reveal(i),
            () => single.state(name, [{ type: "releaseLock", hash: hash(i) }]),
            () => single.state(name, single.due(name)),
            (): Command => ({
              type: "observeChain",
              finalTime: NOW + sum,
              registered: [{ preimage: secret(i), time: NOW }],
            }),
          ][kind]!;
          let command: Command;
          try {
            command = next();
            single.run(command);
          } catch (error) {
            if (error instanceof StarledgerError) continue;
            throw error;
          }
          batch.apply(step(batch, command, context));
        }
        batched.ledger.apply(batch.changes());
        const all = (world: World) => [
          NAMES.map((name) => world.channel(name)),
          [...world.ledger.openHtlcs()].sort(byPlace),
        ];
        expect(all(batched)).to.deep.equal(all(single));
      }),
      { numRuns: 100 },
    );
  });
});

function byPlace(a: { payer: string; version: bigint }, b: { payer: string; version: bigint }): number {
  return `${a.payer}${a.version}` < `${b.payer}${b.version}` ? -1 : 1;
}
