import { expect } from "chai";
import fc from "fast-check";

import { outsetOf, type Channel, type ShownPosition } from "../../src/engine";
import { StarledgerError } from "../../src/errors";
import { balance, resynchronise, ZERO_HASH, type Lock } from "../../src/protocol";
import { expectError } from "../helpers/errors";
import { NOW, person, POINTS, SYSTEM } from "../helpers/service";
import { agreed, LATER, lose, LOSS, NOTHING, pay, pays, shownOf, UNTIL } from "./helpers/losing";
import { hash, lockTo, NAMES, reveal, secret, SIGNATURE, World, type Name } from "./helpers/world";

/** Where both are after the jump, whatever was hidden. */
const BEYOND = LATER * 2n ** 30n;
/** When the payee's lock is over, and the payer's is not. */
const BETWEEN = NOW + 450n;

describe("S7: resynchronisation after a loss of data", () => {
  const who = fc.constantFrom(...NAMES);
  const which = fc.nat(2);
  const amount = fc.bigInt(1n, 40n);
  const action = fc.oneof(
    fc.record({ type: fc.constant("issue" as const), who, amount }),
    { weight: 3, arbitrary: fc.record({ type: fc.constant("pay" as const), who, to: who, amount }) },
    { weight: 3, arbitrary: fc.record({ type: fc.constant("lock" as const), who, to: who, amount, which }) },
    fc.record({ type: fc.constant("reveal" as const), which }),
    fc.record({ type: fc.constant("release" as const), who, which }),
    { weight: 2, arbitrary: fc.record({ type: fc.constant("fold" as const), who }) },
  );
  type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

  /** Carries an action out; what is refused changes nothing. */
  function run(world: World, one: Action): void {
    try {
      if (one.type === "issue") world.issue(one.who, one.amount);
      else if (one.type === "pay") pay(world, one.who, one.to, one.amount);
      else if (one.type === "lock") world.run(world.state(one.who, [lockTo(one.to, one.amount, one.which)]));
      else if (one.type === "reveal") world.run(reveal(one.which));
      else if (one.type === "release")
        world.run(world.state(one.who, [{ type: "releaseLock", hash: hash(one.which) }]));
      else world.fold(one.who);
    } catch (error) {
      if (!(error instanceof StarledgerError) || error.code === "journal_unbalanced") throw error;
    }
  }

  it("whatever was lost: those who show their latest have what it was worth, and the books agree", () => {
    fc.assert(
      fc.property(
        fc.array(action, { maxLength: 20 }),
        fc.array(action, { maxLength: 20 }),
        fc.uniqueArray(which),
        fc.constantFrom(NOW + 1n, BETWEEN),
        fc.array(who, { maxLength: 2 }),
        (kept, lost, registered, time, hiding) => {
          const [whole, restored] = [new World(), new World()];
          for (const world of [whole, restored]) for (const name of NAMES) world.issue(name, 100n);
          for (const world of [whole, restored]) for (const one of kept) run(world, one);
          const backup = new Map(NAMES.map((name) => [name, restored.channel(name)]));
          for (const one of lost) run(whole, one);
          lose(restored);
          restored.observe(
            LATER,
            registered.map((i) => ({ preimage: secret(i), time })),
          );
          for (const name of NAMES) {
            const shown = hiding.includes(name) ? backup.get(name)! : whole.channel(name);
            const due = worthOf(restored, shown, registered, time);
            restored.run(agreed(restored, name, shownOf(shown)));
            expect(restored.money(name)).to.equal(due);
            // Whatever was hidden is outdated for good.
            const { state, note, outgoing, incoming, status } = restored.channel(name);
            expect([state.version, note.seq]).to.deep.equal([BEYOND, BEYOND]);
            expect([state.noteSeq, state.noteCredited, status]).to.deep.equal([note.seq, note.credited, "open"]);
            expect([outgoing, incoming]).to.deep.equal([[], []]);
          }
          restored.check();
          expect([...restored.ledger.openHtlcs()]).to.deep.equal([]);
          for (const name of NAMES) restored.issue(name, 1n);
          restored.check();
        },
      ),
      { numRuns: 60 },
    );
  });

  describe("with a payment that the service has lost", () => {
    /** Alice paid Bob 30 after the backup, which has both with 100. */
    function lostPayment() {
      const [whole, restored] = [new World(), new World()];
      for (const world of [whole, restored]) for (const name of NAMES) world.issue(name, 100n);
      pay(whole, "alice", "bob", 30n);
      whole.fold("bob");
      return { whole, restored };
    }

    it("nothing is signed, nor is a new account's channel, until what was signed before can be sent no more", async () => {
      const { restored, whole } = lostPayment();
      lose(restored);
      const shown = shownOf(whole.channel("bob"));
      const { id } = restored.channel("bob");
      expect(restored.channel("bob").freeze).to.deep.equal(LOSS);
      await expectError(() => pay(restored, "carol", "alice", 1n), "resynchronising", {
        channel: restored.channel("carol").id,
      });
      await expectError(() => restored.issue("bob", 1n), "resynchronising", { channel: id, until: `${UNTIL}` });
      await expectError(() => restored.run({ type: "close", channelId: id, deadline: NOW + 1n }), "resynchronising");
      await expectError(() => restored.run(agreed(restored, "bob", shown, UNTIL)), "resynchronising", {
        until: `${UNTIL}`,
      });
      const account = {
        address: person("dora").address,
        system: SYSTEM,
        custody: "self",
        sealedKey: null,
        status: "open",
      } as const;
      restored.run({ type: "openAccount", account, tokens: [POINTS] });
      const hosted = { ...account, custody: "hosted" } as const;
      restored.run({ type: "openAccount", account: { ...hosted, address: person("eve").address }, tokens: [POINTS] });
      const eric = { ...hosted, address: person("eric").address };
      restored.run({ type: "openAccount", account: eric, tokens: [POINTS], isNew: true });
      const opened = ["dora", "eve", "eric"].map(
        (name) => restored.ledger.channelOf(SYSTEM, person(name).address, POINTS)?.freeze,
      );
      const unread = { ...LOSS, unread: true };
      expect(opened).to.deep.equal([unread, unread, null]);
    });

    it("a close outlasts it: when it can be mined no more, the channel waits again; the next epoch waits too", () => {
      const { restored } = lostPayment();
      lose(restored);
      const { id, funds, freeze } = restored.channel("alice");
      const close = { transaction: ZERO_HASH, bySystem: false, humble: false, version: 1n, challengeEnd: NOW + 50n };
      restored.run({ type: "freeze", channelId: id, close });
      restored.run({ type: "updateFunds", channelId: id, funds, finalTime: NOW + 51n });
      expect(restored.channel("alice").freeze).to.deep.equal(freeze);
      restored.run({ type: "freeze", channelId: id, close });
      restored.run({ type: "settleEpoch", channelId: id, funds });
      expect([restored.channel("alice").key.epoch, restored.channel("alice").freeze]).to.deep.equal([1n, freeze]);
    });

    it("what the books did not know is an entry of its own", () => {
      const { restored, whole } = lostPayment();
      lose(restored);
      const changes = restored.run(agreed(restored, "bob", shownOf(whole.channel("bob"))));
      const { id, state, note } = restored.channel("bob");
      expect(changes.events).to.deep.equal([
        {
          type: "channel.resynchronised",
          account: "restored",
          counterparty: person("bob").address,
          party: null,
          token: POINTS,
          amount: 30n,
          reference: ZERO_HASH,
          data: { channelId: id, version: BEYOND, seq: BEYOND },
        },
      ]);
      expect([state.version, state.net, note.seq, note.credited]).to.deep.equal([BEYOND, 130n, BEYOND, 130n]);
      expect(restored.ledger.asset(SYSTEM, POINTS)?.liabilities).to.equal(330n);
    });

    it("replayed bytes change nothing; an older state once more, or any other, is refused", async () => {
      const { restored, whole } = lostPayment();
      lose(restored);
      const [old, agreement] = [
        restored.state("bob", [pays("alice", 1n)]),
        agreed(restored, "bob", shownOf(whole.channel("bob"))),
      ];
      restored.run(agreement);
      expect(restored.run(agreement).channels).to.deep.equal([]);
      await expectError(() => restored.run(old), "stale_version");
      restored.issue("bob", 1n);
      await expectError(() => restored.run(agreement), "state_mismatch");
      await expectError(() => restored.run({ ...agreed(restored, "bob", NOTHING), signer: SYSTEM }), "wrong_signer");
    });

    it("what is shown of another channel, or with other locks than it has, is refused", async () => {
      const { restored, whole } = lostPayment();
      lose(restored);
      const { state, note } = shownOf(whole.channel("bob"));
      const lock = { index: 0n, hash: hash(1), amount: 1n, expiry: NOW };
      const run = (shown: ShownPosition) => restored.run({ ...agreed(restored, "bob", NOTHING), shown });
      await expectError(() => run(shownOf(whole.channel("alice"))), "state_mismatch");
      await expectError(() => run({ note: null, state: { ...state!, outgoing: [lock] } }), "locks_mismatch");
      await expectError(() => run({ state: null, note: { ...note!, incoming: [lock] } }), "locks_mismatch");
    });

    it("where no loss was declared the service believes nothing but its own; a user that lost its data begins anew with that", async () => {
      const { restored, whole } = lostPayment();
      const shown = shownOf(whole.channel("bob"));
      const { note, outgoing, incoming, state } = whole.channel("bob");
      const forged = resynchronise({ note, outgoing, incoming, state }, { outgoing: [], incoming: [] }, LATER).state;
      await expectError(() => restored.run({ ...agreed(restored, "bob", shown), proposal: forged }), "state_mismatch");
      restored.run(agreed(restored, "bob", NOTHING));
      expect([restored.money("bob"), restored.channel("bob").state.version]).to.deep.equal([100n, BEYOND]);
      restored.check();
    });

    it("waits for a cooperative closing that may still be mined", async () => {
      const { restored } = lostPayment();
      const { id: channelId, funds } = restored.channel("bob");
      const closing = { channelId, net: 100n, deadline: UNTIL };
      const signer = person("bob").address;
      restored.run({ type: "closeCooperatively", closing, signature: SIGNATURE, signer });
      lose(restored, NOW - 1n);
      await expectError(() => restored.run(agreed(restored, "bob", NOTHING)), "closing_pending", { until: UNTIL });
      restored.run({ type: "updateFunds", channelId, funds, finalTime: LATER });
      restored.run(agreed(restored, "bob", NOTHING));
      expect(restored.money("bob")).to.equal(100n);
    });

    it("waits for locks and withdrawals that may still be paid", async () => {
      const { restored } = lostPayment();
      restored.run(restored.state("alice", [lockTo("bob", 30n, 1)]));
      const { id } = restored.channel("carol");
      const withdrawal = {
        channelId: id,
        withdrawn: 5n,
        reclaimed: 0n,
        recipient: person("carol").address,
        deadline: NOW + 10n,
      };
      restored.run({ type: "withdraw", withdrawal, signature: SIGNATURE, signer: person("carol").address });
      lose(restored);
      for (const name of ["alice", "bob"] as const) {
        await expectError(() => outset(restored, name, NOW + 400n), "resynchronising");
        await expectError(() => restored.run(agreed(restored, name, NOTHING)), "lock_pending");
      }
      await expectError(() => restored.run(agreed(restored, "carol", NOTHING)), "withdrawal_pending");
    });
  });
});

function outset(world: World, name: Name, finalTime: bigint) {
  return outsetOf(world.ledger, world.channel(name), NOTHING, finalTime);
}

/** What a position is worth once its locks have ended: by the chain or, of what is paid, by what S was given. */
function worthOf(
  world: World,
  { id, funds, state, note, outgoing, incoming }: Channel,
  registered: readonly number[],
  time: bigint,
): bigint {
  const isInTime = ({ hash: of, expiry }: Lock): boolean => time < expiry && registered.map(hash).includes(of);
  const spent = outgoing.filter((lock) => {
    const htlc = world.ledger.htlcAt(id, lock.index);
    // An index is used again once a list is empty, a hash once its payment has failed.
    const isKnown = htlc !== undefined && isSame(htlc.outgoing, lock);
    return isKnown ? htlc.status === "settled" : isInTime(lock);
  });
  const gained = note.seq < state.noteSeq ? [] : incoming.filter(isInTime);
  return balance(funds, state, note) + sum(gained) - sum(spent);
}

function isSame(one: Lock, other: Lock): boolean {
  return one.hash === other.hash && one.amount === other.amount && one.expiry === other.expiry;
}

function sum(locks: readonly { amount: bigint }[]): bigint {
  return locks.reduce((total, { amount }) => total + amount, 0n);
}
