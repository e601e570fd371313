import { ZERO_HASH } from "../../src/protocol";
import { eachAlone, type Scenario } from "./scenario";

/** Direct transfers that their payers have signed. */
export const direct: Scenario = {
  custody: "self",
  plan: (world, payments) =>
    eachAlone(payments, (i) => {
      const from = i % world.addresses.length;
      return world.signed(from, [{ type: "pay", to: world.payee(i, from), amount: 1n, reference: ZERO_HASH }]);
    }),
};
