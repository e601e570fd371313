import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { keccakText, type Address } from "../src/protocol";
import { connect, FileStore, localSigner, newKey, StarledgerError, type Client, type Invoice } from "../src/sdk";
import { firstToken, operator, SERVICE } from "./settings";

// A shop that is paid by invoice. Each order has an invoice of its own; the shop ships when the log says that it is paid, and
// gives the goods back to the shelf when it expired. The customer keeps her own key and needs to trust nobody: the payment is
// hers until the shop's invoice is settled, and then she has its preimage as receipt.
//
//   npm run example:shop

interface Order {
  readonly number: string;
  readonly goods: string;
  /** Whole tokens. */
  readonly price: bigint;
  /** Seconds that the customer has to pay. */
  readonly patience: bigint;
}

const ORDERS: readonly Order[] = [
  { number: "S-1", goods: "a teapot", price: 30n, patience: 900n },
  { number: "S-2", goods: "two cups", price: 12n, patience: 2n },
];

const api = operator();

/** The shop's side: an order's invoice. Asked for again after a crash, it is the same one. */
function invoiceFor(order: Order, till: Address, token: Address, whole: bigint): Promise<Invoice> {
  const expiry = BigInt(Math.floor(Date.now() / 1_000)) + order.patience;
  const terms = { account: till, token, amount: order.price * whole, expiry, memo: keccakText(order.number) };
  return api.createInvoice(terms, { idempotencyKey: `invoice-${order.number}` });
}

/**
 * The shop's side: waits for what becomes of its orders. A real shop keeps the number of the last event it has dealt with in
 * its database and goes on after it; then it misses none, however long it was away.
 */
async function ship(open: Map<string, Order>, till: Address): Promise<void> {
  for await (const { type, reference } of api.events({ account: till })) {
    const order = open.get(reference);
    if (order === undefined) continue;
    if (type === "payment.settled") console.log(`shop      ${order.number} is paid: ${order.goods} is on its way`);
    else if (type === "invoice.expired") console.log(`shop      ${order.number} was not paid: back to the shelf`);
    else continue;
    open.delete(reference);
    if (open.size === 0) return;
  }
}

/** The customer's side: an account of her own, and what she has to spend. */
async function customer(token: Address, amount: bigint): Promise<Client> {
  const account = localSigner(newKey());
  await api.openAccount({ custody: "self", address: account.address, tokens: [token] });
  await api.issue({ account: account.address, token, amount });
  const store = await FileStore.open(path.join(mkdtempSync(path.join(tmpdir(), "customer-")), "wallet.jsonl"));
  const client = await connect({ ...SERVICE, account, store });
  await client.sync(token);
  return client;
}

async function main(): Promise<void> {
  const { token, whole } = await firstToken(api);
  const { address: till } = await api.openAccount(
    { custody: "hosted", tokens: [token] },
    { idempotencyKey: "open-till" },
  );
  const ada = await customer(token, 100n * whole);

  const [teapot, cups] = ORDERS as [Order, Order];
  const bill = await invoiceFor(teapot, till, token, whole);
  const late = await invoiceFor(cups, till, token, whole);
  for (const { text } of [bill, late]) console.log(`shop      please pay ${text.slice(0, 24)}…`);
  const shipped = ship(
    new Map([
      [bill.hash, teapot],
      [late.hash, cups],
    ]),
    till,
  );

  await ada.payInvoice(bill.text);
  console.log(`customer  pays ${teapot.number}`);
  await shipped;
  await ada.payInvoice(late.text).catch((error: unknown) => {
    if (!(error instanceof StarledgerError)) throw error;
    console.log(`customer  comes too late for ${cups.number}: ${error.code}`);
  });

  await ada.sync(token);
  console.log(`customer  has ${(await ada.balance(token)).available / whole}`);
  await ada.stop();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
