import { amountOf, byCustomer, lockOrder, payable, transfer, type Action } from "./action";
import { pick } from "../pick";

/** What honest users who keep their keys do of their own will. */
export const CUSTOMERS = {
  pay: byCustomer(8, (customer, world, random) => {
    const orders = Array.from({ length: random.chance(0.2) ? 3 : 1 }, () => transfer(customer.address, world, random));
    customer.pay(orders);
    return orders.map(({ to, amount }) => `${amount} to ${to}`).join(", ");
  }),
  payAgain: byCustomer(5, (customer, world) => {
    const open = world.stage.orders.openOf(customer.address, "transfer");
    if (open.length > 0) customer.pay(open);
    return `${open.length} again`;
  }),
  invoice: byCustomer(4, (customer, world, random) => {
    const hold = random.chance(0.4);
    const terms = { amount: amountOf(random), expiry: world.stage.time + BigInt(random.between(60, 3_600)), hold };
    customer.does("invoice", async () => {
      const signed = await customer.wallet.invoice(terms);
      world.invoices.push(signed);
      if (hold) customer.held.push(signed.invoice.hash);
    });
    return `asks for ${terms.amount}${hold ? ", held" : ""}`;
  }),
  payInvoice: byCustomer(6, (customer, world, random) => {
    const signed = payable(world, customer.address, random);
    if (signed === undefined) return "has nothing to pay";
    customer.payInvoice(signed, lockOrder(world, customer.address, signed));
    return `pays an invoice of ${signed.invoice.amount}`;
  }),
  reveal: byCustomer(
    3,
    (customer, _, random) => {
      const hash = pick(customer.held, random);
      customer.does("reveal", () => customer.wallet.reveal(hash));
      return "reveals";
    },
    ({ held }) => held.length > 0,
  ),
  cancel: byCustomer(
    2,
    (customer, _, random) => {
      const hash = pick(customer.held, random);
      customer.does("cancel", () => customer.wallet.cancel(hash));
      return "gives up what it was promised";
    },
    ({ held }) => held.length > 0,
  ),
  sync: byCustomer(6, (customer) => {
    customer.does("sync", () => customer.wallet.sync());
    return "asks for news";
  }),
  resume: byCustomer(3, (customer) => {
    customer.does("resume", () => customer.wallet.resume());
    return "goes on";
  }),
} as const satisfies Record<string, Action>;
