import { ZERO_HASH } from "../../src/protocol";
import { eachAlone, type Scenario } from "./scenario";

/** Every so many payments one goes from person to person, the others to a merchant. */
const BETWEEN_PEOPLE = 5;
const MERCHANTS = 20;

/** A day's pattern: most payments go from somebody who pays once to one of a few merchants. */
export const mixed: Scenario = {
  custody: "self",
  plan: (world, payments) =>
    eachAlone(payments, (i) => {
      const from = MERCHANTS + (i % (world.addresses.length - MERCHANTS));
      const to = i % BETWEEN_PEOPLE === 0 ? world.payee(i, from) : world.addresses[i % MERCHANTS]!;
      return world.signed(from, [{ type: "pay", to, amount: 1n, reference: ZERO_HASH }]);
    }),
};
