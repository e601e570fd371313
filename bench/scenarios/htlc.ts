import { hashOfPreimage, keccakText, ZERO_HASH } from "../../src/protocol";
import type { Request } from "../../src/service";
import type { Scenario } from "./scenario";

/** Seconds for which the payers' locks hold. */
const LIFETIME = 20_000n;

/** Preimages made so far: each pays once. */
let made = 0;

/** Conditional transfers: locked by a state that the payer has signed, revealed, folded by another. */
export const htlc: Scenario = {
  custody: "self",
  plan: (world, payments) => {
    const count = world.addresses.length;
    const expiry = world.service.time + LIFETIME;
    const preimages = Array.from({ length: payments }, () => keccakText(`preimage ${(made += 1)}`));
    const locked = preimages.map((preimage, i): Request => {
      const [from, hash] = [i % count, hashOfPreimage(preimage)];
      const terms = { amount: 1n, fee: 0n, hash, expiry, reference: ZERO_HASH };
      return world.signed(from, [{ type: "lock", to: world.payee(i, from), ...terms }]);
    });
    const revealed = preimages.map((preimage): Request => ({ type: "reveal", preimage }));
    const payers = Array.from({ length: Math.min(count, payments) }, (_, from) => from);
    const folded = payers.map((from) => {
      const folds = world.locks(from).map(({ index }, i) => {
        return { type: "foldLock", index, preimage: preimages[from + i * count]! } as const;
      });
      return world.signed(from, folds);
    });
    return { payments, waves: [locked, revealed, folded] };
  },
};
