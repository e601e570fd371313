import { expect } from "chai";

import { Batch, FOLDABLE_NOTES, Ledger, requireConserved, step, type Changes, type Command } from "../../src/engine";
import {
  channelId,
  DEFAULT_LOCK_POLICY,
  defaultAllotment,
  digest,
  emptyNote,
  emptyState,
  fromJson,
  hashState,
  nextNote,
  nextState,
  NO_FUNDS,
  sign,
  toJson,
  ZERO_HASH,
  type Address,
  type StateOperation,
} from "../../src/protocol";
import { expectError } from "../helpers/errors";
import { COIN, NOW, person, POINTS, SEPARATOR, SETTINGS, SYSTEM } from "../helpers/service";

const context = { now: NOW, locks: DEFAULT_LOCK_POLICY };
const [alice, bob] = [person("alice"), person("bob")];

/** Carries out a command, having sent it and what it leads to through text, as a store or a wire would. */
function apply(ledger: Ledger, command: Command): Changes {
  const changes = step(ledger, fromJson(toJson(command)) as Command, context);
  const copy = fromJson(toJson(changes)) as Changes;
  expect(copy).to.deep.equal(changes);
  ledger.apply(copy);
  return copy;
}

function freshLedger(): Ledger {
  const ledger = new Ledger();
  const common = { system: SYSTEM, decimals: 18, allotment: defaultAllotment(18), limit: 10_000n };
  apply(ledger, { type: "addAsset", asset: { ...common, token: POINTS, settings: SETTINGS } });
  const settings = { ...SETTINGS, backing: "collateral" } as const;
  apply(ledger, { type: "addAsset", asset: { ...common, token: COIN, settings } });
  for (const { address } of [alice, bob]) {
    const account = { address, system: SYSTEM, custody: "self", sealedKey: null, status: "open" } as const;
    apply(ledger, { type: "openAccount", account, tokens: [POINTS, COIN] });
  }
  return ledger;
}

function submit(ledger: Ledger, operations: StateOperation[], { signer = alice.address } = {}): Command {
  const proposal = nextState(ledger.channelOf(SYSTEM, alice.address, POINTS)!.state, operations);
  const hash = hashState(proposal);
  return {
    type: "submitState",
    proposal,
    operations,
    signature: sign(digest(SEPARATOR, hash), alice.key),
    hash,
    signer,
  };
}

const issue = (amount: bigint, account: Address = alice.address, token = POINTS): Command => ({
  type: "issue",
  account,
  token,
  amount,
  reference: ZERO_HASH,
});

describe("step", () => {
  it("opens a channel per token, and nothing else happens", () => {
    const ledger = freshLedger();
    const key = { system: SYSTEM, user: bob.address, token: POINTS, epoch: 0n };
    const id = channelId(key);
    expect(ledger.channel(id)).to.deep.equal({
      id,
      key,
      status: "open",
      funds: NO_FUNDS,
      state: emptyState(id),
      note: emptyNote(id),
      outgoing: [],
      incoming: [],
      pending: null,
      closing: null,
      freeze: null,
    });
  });

  it("issues a note alone", () => {
    const ledger = freshLedger();
    const before = ledger.channelOf(SYSTEM, alice.address, POINTS)!;
    const changes = apply(ledger, issue(100n));
    const note = nextNote(before.note, [{ type: "issue", amount: 100n, reference: ZERO_HASH }]);
    expect(changes.channels).to.deep.equal([{ ...before, note }]);
    expect(changes.notes?.map(({ note: issued, user }) => [issued, user])).to.deep.equal([[note, alice.address]]);
    expect(changes.states).to.equal(undefined);
    expect(changes.assets?.map(({ liabilities }) => liabilities)).to.deep.equal([100n]);
    expect(changes.events).to.deep.equal([
      {
        type: "money.issued",
        account: "issued",
        counterparty: alice.address,
        party: null,
        token: POINTS,
        amount: 100n,
        reference: ZERO_HASH,
        data: { channelId: before.id, seq: 1n },
      },
    ]);
  });

  it("S5: debits and credits in one: one state, one note per payee, however many payments", () => {
    const ledger = freshLedger();
    apply(ledger, issue(100n));
    const pay = (amount: bigint): StateOperation => ({ type: "pay", to: bob.address, amount, reference: ZERO_HASH });
    const command = submit(ledger, [pay(10n), pay(20n), { type: "redeem", amount: 5n, reference: ZERO_HASH }]);
    const changes = step(ledger, command, context);
    requireConserved(ledger, changes);
    ledger.apply(changes);
    expect(changes.states?.map(({ state }) => state.net)).to.deep.equal([-35n]);
    expect(changes.notes?.map(({ note }) => note.credited)).to.deep.equal([30n]);
    expect(changes.events?.map(({ type, amount }) => [type, amount])).to.deep.equal([
      ["money.transferred", 10n],
      ["money.transferred", 20n],
      ["money.redeemed", 5n],
    ]);
    expect(step(ledger, command, context)).to.deep.equal({});
  });

  it("changes nothing itself: the ledger is as it was until it takes the changes in", () => {
    const ledger = freshLedger();
    const before = toJson([...ledger.channels.values()]);
    step(ledger, issue(100n), context);
    expect(toJson([...ledger.channels.values()])).to.equal(before);
    const batch = new Batch(ledger);
    batch.apply(step(batch, issue(100n), context));
    batch.apply(step(batch, issue(50n), context));
    expect(batch.channelOf(SYSTEM, alice.address, POINTS)?.note.credited).to.equal(150n);
    expect(toJson([...ledger.channels.values()])).to.equal(before);
    ledger.apply(batch.changes());
    expect(ledger.channelOf(SYSTEM, alice.address, POINTS)?.note.credited).to.equal(150n);
  });

  it("refuses what another key signed, what is unknown, and a frozen payee", async () => {
    const ledger = freshLedger();
    apply(ledger, issue(100n));
    const pay: StateOperation[] = [{ type: "pay", to: bob.address, amount: 1n, reference: ZERO_HASH }];
    await expectError(() => step(ledger, submit(ledger, pay, { signer: bob.address }), context), "wrong_signer");
    await expectError(() => step(ledger, issue(1n, person("nobody").address), context), "unknown_account");
    await expectError(() => step(ledger, issue(1n, alice.address, SYSTEM), context), "unknown_asset");
    const id = ledger.channelOf(SYSTEM, bob.address, POINTS)!.id;
    apply(ledger, { type: "freeze", channelId: id });
    await expectError(() => step(ledger, submit(ledger, pay), context), "channel_frozen", { channel: id });
    await expectError(
      () => step(ledger, { type: "freeze", channelId: ZERO_HASH as never }, context),
      "unknown_channel",
    );
  });

  it("keeps the last notes foldable, and forgets those that are folded or too many", () => {
    const ledger = freshLedger();
    const { id } = ledger.channelOf(SYSTEM, alice.address, POINTS)!;
    for (let i = 0; i < FOLDABLE_NOTES + 2; i++) ledger.apply(step(ledger, issue(1n), context));
    expect([ledger.creditedAt(id, 2n), ledger.creditedAt(id, 3n)]).to.deep.equal([undefined, 3n]);
    apply(ledger, submit(ledger, [{ type: "fold", seq: 5n, credited: 5n }]));
    expect([ledger.creditedAt(id, 5n), ledger.creditedAt(id, 6n)]).to.deep.equal([undefined, 6n]);
  });
});
