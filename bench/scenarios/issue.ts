import { ZERO_HASH } from "../../src/protocol";
import { eachAlone, type Scenario } from "./scenario";

/** New money for one account after the other. */
export const issue: Scenario = {
  custody: "hosted",
  plan: ({ addresses, token }, payments) =>
    eachAlone(payments, (i) => {
      return { type: "issue", account: addresses[i % addresses.length]!, token, amount: 1n, reference: ZERO_HASH };
    }),
};
