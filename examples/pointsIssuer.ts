import { keccakText, type Address } from "../src/protocol";
import { firstToken, operator } from "./settings";

// A shop that gives a point for every whole euro spent, and takes points as payment. Its customers need no wallet: their
// accounts are hosted. Every step is safe to repeat, after a crash too: the orders' numbers are the idempotency keys.
//
//   npm run example:points

interface Order {
  readonly number: string;
  readonly customer: string;
  /** Euro cents. */
  readonly total: bigint;
}

const ORDERS: readonly Order[] = [
  { number: "A-1001", customer: "ada", total: 12_950n },
  { number: "A-1002", customer: "bob", total: 4_020n },
  { number: "A-1003", customer: "ada", total: 999n },
];

async function main(): Promise<void> {
  const api = operator();
  const { token, whole } = await firstToken(api);

  const accountOf = async (name: string): Promise<Address> => {
    const opened = await api.openAccount({ custody: "hosted", tokens: [token] }, { idempotencyKey: `open-${name}` });
    return opened.address;
  };
  const balanceOf = async (account: Address): Promise<bigint> => {
    const { balances } = await api.balances(account);
    return balances.find((one) => one.token === token)!.available / whole;
  };

  for (const { number, customer, total } of ORDERS) {
    const amount = (total / 100n) * whole;
    const account = await accountOf(customer);
    await api.issue({ account, token, amount, reference: keccakText(number) }, { idempotencyKey: `points-${number}` });
    console.log(`${number}: ${amount / whole} points to ${customer}`);
  }

  const [ada, till] = [await accountOf("ada"), await accountOf("till")];
  const price = 100n;
  const mug = { from: ada, to: till, token, amount: price * whole, reference: keccakText("A-1004") };
  await api.transfer(mug, { idempotencyKey: "pay-A-1004" });
  console.log(`A-1004: ada pays a mug with ${price} points`);

  for (const name of ["ada", "bob", "till"]) console.log(`${name} has ${await balanceOf(await accountOf(name))}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
