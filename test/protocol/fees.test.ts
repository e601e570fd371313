import { expect } from "chai";
import fc from "fast-check";

import {
  checkFees,
  checkFeeSchedule,
  checkWithdrawalFee,
  feeFor,
  feesIn,
  keccakText,
  NO_FEES,
  withdrawalFee,
  withFees,
  ZERO_HASH,
  type FeeRate,
  type FeeSchedule,
  type StateOperation,
} from "../../src/protocol";
import { expectError } from "../helpers/errors";
import { address, hash } from "./arbitrary";

const most = 2n ** 100n;
const rate: fc.Arbitrary<FeeRate> = fc
  .record({
    flat: fc.bigInt(0n, most),
    basisPoints: fc.bigInt(0n, 10_000n),
    min: fc.bigInt(0n, most),
    above: fc.option(fc.bigInt(0n, most)),
  })
  .map(({ above, ...rest }) => ({ ...rest, max: above === null ? null : rest.min + above }));
const schedule = fc.record(
  { transfer: rate, payment: rate, redemption: rate },
  { requiredKeys: [] },
) as fc.Arbitrary<FeeSchedule>;

const amount = fc.bigInt(1n, most);
const operation: fc.Arbitrary<StateOperation> = fc.oneof(
  fc.record({ type: fc.constant("pay" as const), to: address, amount, reference: hash }),
  fc.record({ type: fc.constant("redeem" as const), amount, reference: hash }),
  fc.record({ type: fc.constant("fold" as const), seq: amount, credited: amount }),
  fc.record({
    type: fc.constant("lock" as const),
    to: address,
    amount,
    fee: fc.bigInt(0n, most),
    hash,
    expiry: amount,
    reference: hash,
  }),
);

const bob = `0x${"b0".repeat(20)}` as never;
const pay = (paid: bigint, reference = ZERO_HASH): StateOperation => ({
  type: "pay",
  to: bob,
  amount: paid,
  reference,
});
const fee = (paid: bigint, reference = ZERO_HASH): StateOperation => ({ type: "fee", amount: paid, reference });
const TENTH: FeeRate = { flat: 0n, basisPoints: 1_000n, min: 0n, max: null };

describe("fees", () => {
  it("are flat and proportional, rounded up to a base unit, within their bounds", () => {
    const cases: [Partial<FeeRate>, bigint, bigint][] = [
      [{}, 100n, 0n],
      [{ flat: 7n }, 100n, 7n],
      [{ basisPoints: 25n }, 10_000n, 25n],
      [{ basisPoints: 25n }, 10_001n, 26n],
      [{ basisPoints: 1n }, 1n, 1n],
      [{ flat: 7n, basisPoints: 10_000n }, 100n, 107n],
      [{ basisPoints: 25n, min: 30n }, 10_000n, 30n],
      [{ flat: 7n, basisPoints: 25n, max: 20n }, 10_000n, 20n],
    ];
    for (const [terms, of, want] of cases) {
      expect(feeFor({ flat: 0n, basisPoints: 0n, min: 0n, max: null, ...terms }, of)).to.equal(want);
    }
    expect(feeFor(undefined, 100n)).to.equal(0n);
  });

  it("never fall below what is due, nor exceed it by a whole base unit, whatever the amount", () => {
    fc.assert(
      fc.property(rate, amount, (terms, of) => {
        const due = 10_000n * terms.flat + of * terms.basisPoints;
        const charged = feeFor({ ...terms, min: 0n, max: null }, of);
        expect(10_000n * charged >= due && 10_000n * (charged - 1n) < due).to.equal(true);
        const bounded = feeFor(terms, of);
        expect(bounded >= terms.min && (terms.max === null || bounded <= terms.max)).to.equal(true);
      }),
    );
  });

  it("rise with the amount", () => {
    fc.assert(
      fc.property(rate, amount, amount, (terms, a, b) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        expect(feeFor(terms, less) <= feeFor(terms, more)).to.equal(true);
      }),
    );
  });

  it("that are added as the schedule says are those that it asks for, and no others", () => {
    fc.assert(
      fc.property(schedule, fc.array(operation, { maxLength: 8 }), (terms, operations) => {
        const all = withFees(terms, operations);
        checkFees(terms, all);
        const charged = all.flatMap((one) => (one.type === "fee" ? [one.amount] : []));
        const locked = all.flatMap((one) => (one.type === "lock" ? [one.fee] : []));
        expect(feesIn(all)).to.equal([...charged, ...locked].reduce((sum, one) => sum + one, 0n));
        expect(all.filter(({ type }) => type !== "fee")).to.have.length(operations.length);
      }),
    );
  });

  it("are refused where they are missing, wrong, doubled, out of place or for nothing", async () => {
    const terms: FeeSchedule = { transfer: TENTH, payment: TENTH };
    const other = keccakText("other");
    const wrong: [StateOperation[], bigint, bigint][] = [
      [[pay(100n)], 0n, 10n],
      [[pay(100n), fee(9n)], 9n, 10n],
      [[pay(100n), fee(11n)], 11n, 10n],
      [[pay(100n), fee(10n), fee(10n)], 10n, 0n],
      [[fee(10n), pay(100n)], 10n, 0n],
      [[pay(100n), pay(100n), fee(10n), fee(10n)], 0n, 10n],
      [[pay(100n), fee(10n, other)], 10n, 10n],
      [[{ type: "redeem", amount: 100n, reference: ZERO_HASH }, fee(10n)], 10n, 0n],
      [[{ type: "lock", to: bob, amount: 100n, fee: 9n, hash: other, expiry: 1n, reference: other }], 9n, 10n],
    ];
    for (const [operations, got, want] of wrong) {
      await expectError(() => checkFees(terms, operations), "wrong_fee", { got, want });
    }
    checkFees(terms, [pay(100n), fee(10n), pay(5n, other), fee(1n, other)]);
    checkFees(terms, [{ type: "lock", to: bob, amount: 100n, fee: 11n, hash: other, expiry: 1n, reference: other }]);
    checkFees(NO_FEES, [pay(100n)]);
  });

  it("of a withdrawal end a state that does nothing but fold, and name what they are for", async () => {
    const terms: FeeSchedule = { withdrawal: TENTH };
    const id = keccakText("withdrawal");
    const fold: StateOperation = { type: "fold", seq: 1n, credited: 5n };
    const due = withdrawalFee(terms, 100n, id);
    expect(due).to.deep.equal(fee(10n, id));
    for (const folded of [[], [fold], [fold, { type: "dropLock", index: 0n } as const]]) {
      checkWithdrawalFee(terms, 100n, id, [...folded, due!]);
    }
    const wrong = (operations: StateOperation[] | undefined, got: bigint, of = 100n, want = 10n) =>
      expectError(() => checkWithdrawalFee(terms, of, id, operations), "wrong_fee", { got, want });
    await wrong(undefined, 0n);
    await wrong([], 0n);
    await wrong([fee(9n, id)], 9n);
    await wrong([fee(10n)], 10n);
    await wrong([due!, fold], 0n);
    for (const before of [pay(1n), due!]) {
      const operations = [before, due!];
      await expectError(() => checkWithdrawalFee(terms, 100n, id, operations), "state_mismatch", {
        operation: before.type,
      });
    }
    // What takes nothing out, or is free, is paid by no state.
    for (const [schedule, amount] of [
      [terms, 0n],
      [NO_FEES, 100n],
    ] as const) {
      expect(withdrawalFee(schedule, amount, id)).to.equal(undefined);
      checkWithdrawalFee(schedule, amount, id, undefined);
    }
    await wrong([fee(10n, id)], 10n, 0n, 0n);
  });

  it("case 28: are refused as a schedule that is out of range, and beyond 128 bits", async () => {
    const bad: [Partial<FeeRate>, string][] = [
      [{ flat: -1n }, "flat"],
      [{ flat: 2n ** 128n }, "flat"],
      [{ basisPoints: -1n }, "basisPoints"],
      [{ basisPoints: 10_001n }, "basisPoints"],
      [{ min: -1n }, "min"],
      [{ min: 5n, max: 4n }, "max"],
    ];
    for (const [terms, name] of bad) {
      await expectError(() => checkFeeSchedule({ transfer: { ...TENTH, ...terms } }), "out_of_range", { name });
    }
    checkFeeSchedule({ transfer: TENTH, redemption: { ...TENTH, min: 4n, max: 4n } });
    await expectError(() => feeFor({ ...TENTH, flat: 2n ** 128n - 1n }, 10n), "out_of_range", { name: "fee" });
  });
});
