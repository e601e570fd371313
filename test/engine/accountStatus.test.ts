import { expect } from "chai";

import { Ledger, step, type AccountStatus, type Command } from "../../src/engine";
import {
  advanceState,
  DEFAULT_LOCK_POLICY,
  defaultAllotment,
  digest,
  hashClosing,
  hashOfPreimage,
  hashState,
  hashWithdrawal,
  sign,
  ZERO_HASH,
  type StateOperation,
  type StateOperationOf,
} from "../../src/protocol";
import { expectError } from "../helpers/errors";
import { COIN, MARGIN, NOW, person, POINTS, SEPARATOR, SETTINGS, SYSTEM } from "../helpers/service";

const context = { now: NOW, locks: { ...DEFAULT_LOCK_POLICY, margin: MARGIN } };
const [alice, bob] = [person("alice"), person("bob")];
const account = alice.address;
const reference = ZERO_HASH;

describe("the status of an account", () => {
  let ledger: Ledger;
  const apply = (command: Command) => ledger.apply(step(ledger, command, context));
  const set = (status: AccountStatus) => apply({ type: "setAccountStatus", account, status });
  const channel = () => ledger.channelOf(SYSTEM, account, POINTS)!;

  function submit(...operations: StateOperation[]): Command {
    const proposal = advanceState(channel().state, channel().outgoing, operations).state;
    const hash = hashState(proposal);
    const signature = sign(digest(SEPARATOR, hash), alice.key);
    return { type: "submitState", proposal, operations, signature, hash, signer: account };
  }

  beforeEach(() => {
    ledger = new Ledger();
    const terms = { system: SYSTEM, decimals: 18, allotment: defaultAllotment(18), limit: 10_000n, settings: SETTINGS };
    for (const token of [POINTS, COIN]) apply({ type: "addAsset", asset: { ...terms, token } });
    for (const { address } of [alice, bob]) {
      const opened = { address, system: SYSTEM, custody: "self", sealedKey: null, status: "open" } as const;
      apply({ type: "openAccount", account: opened, tokens: [POINTS] });
    }
    apply({ type: "issue", account, token: POINTS, amount: 10n, reference });
  });

  const pay: StateOperation = { type: "pay", to: bob.address, amount: 1n, reference };
  const redeem = { type: "redeem", amount: 1n, reference } as const;
  const lock: StateOperationOf<"lock"> = {
    ...{ type: "lock", to: bob.address, amount: 1n, fee: 0n, reference },
    ...{ hash: `0x${"11".repeat(32)}` as typeof ZERO_HASH, expiry: NOW + 900n },
  };
  const fold: StateOperation = { type: "fold", seq: 1n, credited: 10n };

  it("frozen: it pays nobody in any way, until it is open again", async () => {
    set("frozen");
    for (const operation of [pay, redeem, lock]) {
      await expectError(() => step(ledger, submit(fold, operation), context), "account_frozen", { account });
    }
    set("open");
    apply(submit(fold, pay));
    expect(channel().state.net).to.equal(9n);
  });

  it("frozen: it is paid, folds, withdraws and closes as ever: no money is kept from its owner", () => {
    set("frozen");
    apply({ type: "issue", account, token: POINTS, amount: 5n, reference });
    apply(submit({ type: "fold", seq: 2n, credited: 15n }));
    const { id } = channel();
    const withdrawal = { channelId: id, withdrawn: 5n, reclaimed: 0n, recipient: account, deadline: NOW + 100n };
    const signature = sign(digest(SEPARATOR, hashWithdrawal(withdrawal)), alice.key);
    apply({ type: "withdraw", withdrawal, signature, signer: account });
    expect(channel().pending).to.deep.equal(withdrawal);
    const funds = { deposited: 0n, withdrawn: 5n, reclaimed: 0n, collateral: 0n };
    apply({ type: "updateFunds", channelId: id, funds, finalTime: NOW });
    const closing = { channelId: id, net: 15n, deadline: NOW + 100n };
    const closed = sign(digest(SEPARATOR, hashClosing(closing)), alice.key);
    apply({ type: "closeCooperatively", closing, signature: closed, signer: account });
    expect(channel().closing).to.deep.equal(closing);
  });

  it("frozen: a preimage that pays it, or that it pays by, still counts (property 6)", () => {
    const preimage = `0x${"22".repeat(32)}` as typeof ZERO_HASH;
    apply(submit(fold, { ...lock, hash: hashOfPreimage(preimage) }));
    set("frozen");
    apply({ type: "reveal", preimage });
    apply(submit({ type: "foldLock", index: 0n, preimage }));
    expect([channel().state.net, channel().outgoing]).to.deep.equal([9n, []]);
  });

  it("closed: only once nothing is left in it; then nobody pays it, for good", async () => {
    await expectError(
      () => step(ledger, { type: "setAccountStatus", account, status: "closed" }, context),
      "account_not_empty",
      {
        channel: channel().id,
        left: 10n,
      },
    );
    apply(submit(fold, { ...redeem, amount: 10n }));
    set("closed");
    const refused: Command[] = [
      { type: "issue", account, token: POINTS, amount: 1n, reference },
      { type: "openChannels", account, tokens: [COIN] },
      { type: "setAccountStatus", account, status: "open" },
      submit(pay),
    ];
    for (const command of refused) {
      await expectError(() => step(ledger, command, context), "account_closed", { account });
    }
    expect(step(ledger, { type: "setAccountStatus", account, status: "closed" }, context)).to.deep.equal({});
    // What is deposited on chain nevertheless is its own, and can be withdrawn.
    const funds = { deposited: 7n, withdrawn: 0n, reclaimed: 0n, collateral: 7n };
    apply({ type: "updateFunds", channelId: channel().id, funds, finalTime: NOW });
    const withdrawal = {
      channelId: channel().id,
      withdrawn: 7n,
      reclaimed: 0n,
      recipient: account,
      deadline: NOW + 100n,
    };
    const signature = sign(digest(SEPARATOR, hashWithdrawal(withdrawal)), alice.key);
    apply({ type: "withdraw", withdrawal, signature, signer: account });
    expect(channel().pending).to.deep.equal(withdrawal);
  });

  it("gains channels for tokens that were listed later; those that it has stay as they are", () => {
    const before = channel();
    apply({ type: "openChannels", account, tokens: [POINTS, COIN] });
    expect(channel()).to.equal(before);
    expect(ledger.channelOf(SYSTEM, account, COIN)?.status).to.equal("open");
    expect(step(ledger, { type: "openChannels", account, tokens: [POINTS, COIN] }, context)).to.deep.equal({});
  });
});
