import { expect } from "chai";
import fc from "fast-check";

import {
  booksHold,
  Ledger,
  requireConserved,
  step,
  type Changes,
  type Command,
  type LedgerAccount,
  type NewEvent,
} from "../../src/engine";
import { DEFAULT_LOCK_POLICY, defaultAllotment, ZERO_HASH } from "../../src/protocol";
import { expectError } from "../helpers/errors";
import { NOW, person, POINTS, SETTINGS, SYSTEM } from "../helpers/service";

const context = { now: NOW, locks: DEFAULT_LOCK_POLICY };
const alice = person("alice").address;

function issue(amount: bigint): Command {
  return { type: "issue", account: alice, token: POINTS, amount, reference: ZERO_HASH };
}

/** Alice has 100. */
function ledgerOfAlice(): Ledger {
  const ledger = new Ledger();
  const apply = (command: Command) => ledger.apply(step(ledger, command, context));
  const terms = { decimals: 18, settings: SETTINGS, allotment: defaultAllotment(18), limit: 1_000n };
  apply({ type: "addAsset", asset: { system: SYSTEM, token: POINTS, ...terms } });
  const account = { address: alice, system: SYSTEM, custody: "self", sealedKey: null, status: "open" } as const;
  apply({ type: "openAccount", account, tokens: [POINTS] });
  apply(issue(100n));
  return ledger;
}

const entryOf = ({ events = [] }: Changes): NewEvent => events[0]!;

describe("requireConserved", () => {
  it("property 1: takes the entries that account for what channels and assets gained, and no others", async () => {
    const ledger = ledgerOfAlice();
    const changes = step(ledger, issue(7n), context);
    requireConserved(ledger, changes);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.bigInt(-1n, 9n), { maxLength: 4 }), async (amounts) => {
        const events = amounts.map((amount) => ({ ...entryOf(changes), amount }));
        const isRight = amounts.every((amount) => amount >= 0n) && amounts.reduce((a, b) => a + b, 0n) === 7n;
        if (isRight) requireConserved(ledger, { ...changes, events });
        else await expectError(() => requireConserved(ledger, { ...changes, events }), "journal_unbalanced");
      }),
    );
  });

  it("refuses an entry with one side, without a token, for another account or another asset", async () => {
    const ledger = ledgerOfAlice();
    const changes = step(ledger, issue(7n), context);
    const stranger = person("bob").address;
    for (const wrong of [
      { account: null },
      { counterparty: null },
      { counterparty: stranger },
      { counterparty: "locked" },
      { token: null },
      { token: stranger },
    ] as const) {
      const events = [{ ...entryOf(changes), ...wrong } as NewEvent];
      await expectError(() => requireConserved(ledger, { ...changes, events }), "journal_unbalanced");
    }
  });

  it("refuses liabilities, or a channel, that change without an entry", async () => {
    const ledger = ledgerOfAlice();
    const { assets = [], channels = [], events = [] } = step(ledger, issue(7n), context);
    for (const lacking of [
      { channels, events },
      { assets, events },
      { assets, channels },
    ]) {
      await expectError(() => requireConserved(ledger, lacking), "journal_unbalanced");
    }
  });
});

describe("booksHold", () => {
  it("compares every account with its channel, what is locked with what waits, and all with what is owed", () => {
    const ledger = ledgerOfAlice();
    const asset = ledger.asset(SYSTEM, POINTS)!;
    const right = new Map<LedgerAccount, bigint>([
      ["issued", -100n],
      [alice, 100n],
    ]);
    const stranger = person("bob").address;
    expect(booksHold(ledger, asset, right)).to.equal(true);
    expect(booksHold(ledger, { ...asset, liabilities: 99n }, right)).to.equal(false);
    expect(booksHold(ledger, asset, new Map([[alice, 99n]]))).to.equal(false);
    expect(booksHold(ledger, asset, new Map(right).set(stranger, 1n))).to.equal(false);
    expect(booksHold(ledger, asset, new Map(right).set("locked", 1n))).to.equal(false);
    expect(booksHold(ledger, asset, new Map())).to.equal(false);
  });
});
