import { expect } from "chai";
import fc from "fast-check";

import { outsetOf, type Channel, type CommandOf, type ShownPosition } from "../../src/engine";
import { StarledgerError } from "../../src/errors";
import { balance, JUMP, resynchronise, ZERO_HASH, type Hash } from "../../src/protocol";
import { expectError } from "../helpers/errors";
import { NOW, person, POINTS, SYSTEM } from "../helpers/service";
import { hash, lockTo, NAMES, reveal, secret, SIGNATURE, World, type Name } from "./helpers/world";

const UNTIL = NOW + 1_000n;
const LATER = NOW + 10_000n;
const NOTHING: ShownPosition = { state: null, note: null };

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
        fc.array(who, { maxLength: 2 }),
        (kept, lost, registered, hiding) => {
          const [whole, restored] = [new World(), new World()];
          for (const world of [whole, restored]) for (const name of NAMES) world.issue(name, 100n);
          for (const world of [whole, restored]) for (const one of kept) run(world, one);
          const backup = new Map(NAMES.map((name) => [name, restored.channel(name)]));
          for (const one of lost) run(whole, one);
          lose(restored);
          restored.observe(
            LATER,
            registered.map((i) => ({ preimage: secret(i), time: NOW + 1n })),
          );
          for (const name of NAMES) {
            const shown = hiding.includes(name) ? backup.get(name)! : whole.channel(name);
            const due = worthOf(restored, shown, registered);
            restored.run(agreed(restored, name, shownOf(shown)));
            expect(restored.money(name)).to.equal(due);
            // Whatever was hidden is outdated for good.
            const { state, note, outgoing, incoming, status } = restored.channel(name);
            expect(state.version >= whole.channel(name).state.version + JUMP / 2n).to.equal(true);
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
      const frozen = { isOwn: false, until: null, transaction: null, shown: null, lost: UNTIL };
      expect(restored.channel("bob").freeze).to.deep.equal(frozen);
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
      restored.run({
        type: "openAccount",
        account: { ...account, address: person("eve").address, custody: "hosted" },
        tokens: [POINTS],
      });
      const opened = ["dora", "eve"].map(
        (name) => restored.ledger.channelOf(SYSTEM, person(name).address, POINTS)?.freeze,
      );
      expect(opened).to.deep.equal([frozen, null]);
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
          data: { channelId: id, version: 2n + JUMP, seq: 2n + JUMP },
        },
      ]);
      expect([state.version, state.net, note.seq, note.credited]).to.deep.equal([2n + JUMP, 130n, 2n + JUMP, 130n]);
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
      const forged = resynchronise({ note, outgoing, incoming, state }, []).state;
      await expectError(() => restored.run({ ...agreed(restored, "bob", shown), proposal: forged }), "state_mismatch");
      restored.run(agreed(restored, "bob", NOTHING));
      expect([restored.money("bob"), restored.channel("bob").state.version]).to.deep.equal([100n, 1n + JUMP]);
      restored.check();
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

function lose(world: World): void {
  const channels = [...world.ledger.channels.values()].map(({ id }) => id);
  world.run({ type: "declareLoss", system: SYSTEM, until: UNTIL, channels });
}

function shownOf({ state, outgoing, note, incoming }: Channel): ShownPosition {
  return { state: { state, outgoing }, note: { note, incoming } };
}

/** What an honest user signs on what it has shown, and what it was told is paid. */
function agreed(world: World, name: Name, shown: ShownPosition, finalTime = LATER): CommandOf<"resynchronise"> {
  const channel = world.channel(name);
  const common = { type: "resynchronise", signature: SIGNATURE, signer: channel.key.user, shown, finalTime } as const;
  try {
    const { best, preimages } = outsetOf(world.ledger, channel, shown, finalTime);
    return { ...common, proposal: resynchronise(best, preimages).state };
  } catch (error) {
    if (!(error instanceof StarledgerError)) throw error;
    return { ...common, proposal: resynchronise(channel, []).state };
  }
}

const pays = (to: Name, amount: bigint) =>
  ({ type: "pay", to: person(to).address, amount, reference: ZERO_HASH }) as const;

function pay(world: World, from: Name, to: Name, amount: bigint): void {
  world.run(world.state(from, [pays(to, amount)]));
}

/** What a position is worth once its locks have ended: by the chain or, of what is paid, by what S was given. */
function worthOf(
  world: World,
  { id, funds, state, note, outgoing, incoming }: Channel,
  registered: readonly number[],
): bigint {
  const inTime = new Set<Hash>(registered.map(hash));
  const known = outgoing.filter((lock) => {
    const htlc = world.ledger.htlcAt(id, lock.index);
    return inTime.has(lock.hash) || (htlc?.outgoing.hash === lock.hash && htlc.status === "settled");
  });
  const gained = note.seq < state.noteSeq ? [] : incoming.filter((lock) => inTime.has(lock.hash));
  return balance(funds, state, note) + sum(gained) - sum(known);
}

function sum(locks: readonly { amount: bigint }[]): bigint {
  return locks.reduce((total, { amount }) => total + amount, 0n);
}
