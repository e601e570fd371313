import { ZERO_HASH } from "../../../src/protocol";
import { amountOf, lockOrder, payable, transfer, type Action } from "./action";
import { pick } from "../pick";
import type { World } from "../world";

const waiting = ({ operators }: World) => operators.filter(({ isWaiting }) => isWaiting);

/** What the operators issue, and what accounts do whose keys the service holds. */
export const OPERATOR = {
  issue: {
    weight: () => 2,
    perform: (world, random) => {
      const { address: to, system } = pick([...world.accounts, ...world.routers], random);
      const order = world.stage.orders.add({ type: "issue", from: null, to, amount: amountOf(random), fee: 0n });
      const { amount, reference } = order;
      world
        .operatorOf(system)
        .asks("issue", { type: "issue", account: to, token: world.token, amount, reference }, order);
      return `${amount} to ${to}`;
    },
  },
  hostedPay: {
    weight: () => 4,
    perform: (world, random) => {
      const operator = pick(world.operators, random);
      const { address: from } = pick(operator.hosted, random);
      const order = transfer(from, world, random);
      const { to, amount, reference, via } = order;
      const type = via === undefined ? "pay" : "transferAcross";
      operator.asks(type, { type, from, to, token: world.token, amount, reference }, order);
      return `${amount} from ${from} to ${to}`;
    },
  },
  hostedInvoice: {
    weight: () => 2,
    perform: (world, random) => {
      const operator = pick(world.operators, random);
      const { address: account } = pick(operator.hosted, random);
      const expiry = world.stage.time + BigInt(random.between(60, 3_600));
      const terms = { account, token: world.token, amount: amountOf(random), expiry, memo: ZERO_HASH, hold: false };
      const { count } = operator.system.losses;
      operator.asks("invoice", { type: "invoice", ...terms }, undefined, ({ hash }) => {
        void operator.invoice(hash!, count).then((signed) => signed && world.invoices.push(signed));
      });
      return `${terms.amount} to ${account}`;
    },
  },
  hostedPayInvoice: {
    weight: () => 3,
    perform: (world, random) => {
      const operator = pick(world.operators, random);
      const { address: from } = pick(operator.hosted, random);
      const signed = payable(world, from, random);
      if (signed === undefined) return "nothing to pay";
      const order = lockOrder(world, from, signed);
      const { fee, via } = order;
      const request = via === undefined ? ({ type: "payInvoice", from, signed, fee } as const) : undefined;
      operator.asks("payInvoice", request ?? { type: "payAcross", from, signed }, order);
      return `${signed.invoice.amount} from ${from}`;
    },
  },
  askAgain: {
    weight: (world) => 4 * waiting(world).length,
    perform: (world, random) => pick(waiting(world), random).asksAgain(random.between(0, 1_000)),
  },
} as const satisfies Record<string, Action>;
