import { expect } from "chai";
import fc from "fast-check";

import { addLock, withoutLock, ZERO_HASH, type Lock } from "../../src/protocol";
import { lockChanges } from "../../src/protocol/lockChanges";

describe("lockChanges", () => {
  it("are what one list has and the other does not, a place that was taken anew included", () => {
    const steps = fc.array(fc.tuple(fc.boolean(), fc.nat(99)), { maxLength: 30 });
    const build = (from: readonly Lock[], changes: [boolean, number][]): readonly Lock[] =>
      changes.reduce<readonly Lock[]>((locks, [adds, which]) => {
        const one = locks[which % Math.max(locks.length, 1)];
        if (!adds && one !== undefined) return withoutLock(locks, one.index);
        return addLock(locks, { hash: ZERO_HASH, amount: 1n, expiry: 2n });
      }, from);
    fc.assert(
      fc.property(steps, steps, (first, then) => {
        const before = build([], first);
        const after = build(before, then);
        const [old, now] = [new Set(before), new Set(after)];
        const { gone, added } = lockChanges(before, after);
        expect(gone).to.have.ordered.members(before.filter((lock) => !now.has(lock)));
        expect(added).to.have.ordered.members(after.filter((lock) => !old.has(lock)));
      }),
    );
  });
});
