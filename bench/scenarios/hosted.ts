import { ZERO_HASH } from "../../src/protocol";
import { eachAlone, type Scenario } from "./scenario";

/** Direct transfers that the service signs for their payers. */
export const hosted: Scenario = {
  custody: "hosted",
  plan: (world, payments) =>
    eachAlone(payments, (i) => {
      const from = i % world.addresses.length;
      const [payer, to] = [world.addresses[from]!, world.payee(i, from)];
      return { type: "pay", from: payer, to, token: world.token, amount: 1n, reference: ZERO_HASH };
    }),
};
