import { depositCall } from "../../../src/sdk/chain/calls";
import { DEPTH } from "../chain/evm";
import { amountOf, byCustomer, type Action } from "./action";
import { pick } from "../pick";

/** Seconds for which a withdrawal may be mined. */
const PATIENCE = 3_600n;

/** What the chain does, and what is done on it. */
export const CHAIN = {
  block: {
    weight: () => 4,
    perform: async (world) => {
      await world.block();
      return "comes";
    },
  },
  reorganise: {
    weight: () => 0.7,
    perform: async (world, random) => {
      const depth = random.between(1, DEPTH);
      await world.stage.evm.reorganise(depth, random);
      for (const system of world.systems) system.look();
      world.stage.count("blocks vanish");
      return `${depth} blocks vanish`;
    },
  },
  forget: {
    weight: () => 2,
    perform: async ({ stage }, random) => {
      const forgotten = await stage.evm.forget(random);
      if (forgotten === undefined) return "nothing waits";
      stage.count("a node forgets a transaction");
      return `${forgotten.data.slice(0, 10)} of ${forgotten.from}`;
    },
  },
  spike: {
    weight: () => 0.3,
    perform: async (world, random) => {
      const gwei = random.between(100, 3_000);
      await world.stage.evm.spike(gwei);
      return `${gwei} gwei`;
    },
  },
  withdraw: byCustomer(2, (customer, { stage }, random) => {
    const amount = amountOf(random);
    customer.does("withdraw", () => customer.withdraw(amount, stage.time + PATIENCE));
    return `withdraws ${amount}`;
  }),
  deposit: byCustomer(2, (customer, _, random) => {
    const share = BigInt(random.between(1, 10));
    const { domain } = customer.system;
    customer.does("deposit", async () => {
      const amount = ((await customer.hub.held(customer.token, customer.address)) * share) / 10n;
      if (amount > 0n) await customer.sends(depositCall(domain.hub, customer.channel, amount));
    });
    return `deposits ${share} tenths of what it holds`;
  }),
  hostedWithdraw: {
    weight: () => 1,
    perform: ({ operators, stage, token }, random) => {
      const operator = pick(operators, random);
      const { address: from } = pick(operator.hosted, random);
      const [amount, deadline] = [amountOf(random), stage.time + PATIENCE];
      operator.asks("withdraw", { type: "withdrawHosted", from, token, amount, recipient: from, deadline });
      return `${amount} of ${from}`;
    },
  },
} as const satisfies Record<string, Action>;
