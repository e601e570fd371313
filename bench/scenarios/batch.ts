import { ZERO_HASH } from "../../src/protocol";
import type { Scenario } from "./scenario";

/** Payments of one signed state. */
const SIZE = 100;

/** Payers who each pay a hundred others in one state that they have signed. */
export const batch: Scenario = {
  custody: "self",
  plan: (world, payments) => {
    const batches = Array.from({ length: Math.max(1, Math.floor(payments / SIZE)) }, (_, i) => {
      const from = i % world.addresses.length;
      const items = Array.from({ length: SIZE }, (_, k) => world.payee(i * SIZE + k, from));
      return world.signed(
        from,
        items.map((to) => ({ type: "pay", to, amount: 1n, reference: ZERO_HASH }) as const),
      );
    });
    return { payments: batches.length * SIZE, waves: [batches] };
  },
};
