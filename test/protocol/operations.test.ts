import { expect } from "chai";
import fc from "fast-check";

import {
  emptyNote,
  emptyState,
  memoOf,
  nextNote,
  nextState,
  toAddress,
  ZERO_HASH,
  type ChannelId,
  type Operation,
  type StateOperation,
} from "../../src/protocol";
import { expectError } from "../helpers/errors";
import { address, hash, uint } from "./arbitrary";

const ID = ZERO_HASH as string as ChannelId;
const bob = toAddress("0x00000000000000000000000000000000000000b0");
const amount = fc.bigInt(1n, 2n ** 100n);

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ type: fc.constant("pay" as const), to: address, amount, reference: hash }),
  fc.record({ type: fc.constantFrom("redeem" as const, "fee" as const), amount, reference: hash }),
  fc.record({ type: fc.constant("refund" as const), to: address, amount, payment: hash, reference: hash }),
  fc.record({ type: fc.constant("fold" as const), seq: uint(64n), credited: uint(128n) }),
  fc.record({ type: fc.constant("issue" as const), amount, reference: hash }),
  fc.record({ type: fc.constant("receive" as const), from: address, amount, reference: hash }),
  fc.record({
    type: fc.constant("lock" as const),
    to: address,
    amount,
    fee: uint(128n),
    hash,
    expiry: uint(64n),
    reference: hash,
  }),
  fc.record({
    type: fc.constant("receiveLock" as const),
    from: address,
    amount,
    hash,
    expiry: uint(64n),
    reference: hash,
  }),
  fc.record({ type: fc.constantFrom("foldLock" as const, "settleLock" as const), index: uint(64n), preimage: hash }),
  fc.record({ type: fc.constantFrom("dropLock" as const, "lapseLock" as const), index: uint(64n) }),
  fc.record({ type: fc.constant("returnLock" as const), index: uint(64n) }),
  fc.record({ type: fc.constant("releaseLock" as const), hash }),
);

describe("operations", () => {
  it("different lists have different memos, the same list the same", () => {
    const list = fc.array(operation, { maxLength: 6 });
    const text = (operations: readonly Operation[]) =>
      JSON.stringify(operations, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value));
    fc.assert(
      fc.property(list, list, (a, b) => {
        expect(memoOf(a) === memoOf(b)).to.equal(text(a) === text(b));
      }),
    );
  });

  it("nextState lowers net by what is paid, redeemed and kept as a fee, and raises it by what is folded", () => {
    const state = { ...emptyState(ID), net: 50n, noteSeq: 2n, noteCredited: 30n };
    const operations: StateOperation[] = [
      { type: "fold", seq: 5n, credited: 130n },
      { type: "pay", to: bob, amount: 40n, reference: ZERO_HASH },
      { type: "fee", amount: 2n, reference: ZERO_HASH },
      { type: "redeem", amount: 9n, reference: ZERO_HASH },
    ];
    expect(nextState(state, operations)).to.deep.equal({
      ...state,
      version: 1n,
      net: 99n,
      noteSeq: 5n,
      noteCredited: 130n,
      memo: memoOf(operations),
    });
  });

  it("nextNote adds up", () => {
    const operations = [
      { type: "issue", amount: 5n, reference: ZERO_HASH },
      { type: "receive", from: bob, amount: 6n, reference: ZERO_HASH },
    ] as const;
    expect(nextNote({ ...emptyNote(ID), seq: 3n, credited: 10n }, operations)).to.deep.equal({
      ...emptyNote(ID),
      seq: 4n,
      credited: 21n,
      memo: memoOf(operations),
    });
  });

  it("case 28: refuses amounts that are zero, negative, or beyond 128 bits", async () => {
    for (const bad of [0n, -1n, 2n ** 128n, 1 as unknown as bigint, "1" as unknown as bigint]) {
      const pay = { type: "pay", to: bob, amount: bad, reference: ZERO_HASH } as const;
      await expectError(() => nextState(emptyState(ID), [pay]), "invalid_amount", { got: bad });
      const issue = { type: "issue", amount: bad, reference: ZERO_HASH } as const;
      await expectError(() => nextNote(emptyNote(ID), [issue]), "invalid_amount", { got: bad });
    }
  });

  it("case 11: refuses to leave the range of any field", async () => {
    const most = 2n ** 128n - 1n;
    const pay = { type: "pay", to: bob, amount: most, reference: ZERO_HASH } as const;
    await expectError(() => nextState(emptyState(ID), [pay]), "out_of_range", { name: "net" });
    const last = { ...emptyState(ID), version: 2n ** 64n - 1n };
    await expectError(() => nextState(last, []), "out_of_range", { name: "version" });
    const full = { ...emptyNote(ID), credited: most };
    const issue = { type: "issue", amount: 1n, reference: ZERO_HASH } as const;
    await expectError(() => nextNote(full, [issue]), "out_of_range", { name: "credited" });
    await expectError(() => nextNote({ ...emptyNote(ID), seq: 2n ** 64n - 1n }, [issue]), "out_of_range", {
      name: "seq",
    });
  });

  it("never folds back", async () => {
    const state = { ...emptyState(ID), noteSeq: 5n, noteCredited: 30n };
    for (const fold of [
      { type: "fold", seq: 4n, credited: 31n },
      { type: "fold", seq: 6n, credited: 29n },
    ] as const) {
      await expectError(() => nextState(state, [fold]), "stale_note", { seq: fold.seq, credited: fold.credited });
    }
  });
});
