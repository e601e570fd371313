import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { fail } from "../src/errors";
import { keccakText, type Address, type Hex } from "../src/protocol";
import { connect, FileStore, localSigner, type Client, type LedgerEvent } from "../src/sdk";
import { firstToken, operator, SERVICE } from "./settings";

// An exchange. What its customers deposit on the chain is credited by the service, and the exchange learns of it from the log;
// what it owes them at the end of the day it pays in one batch, which is one state and one signature however many they are;
// what they withdraw the service pays on the chain. Each payment off the chain is final at once and costs no gas.
//
//   npm run example:exchange

/** A key of the local chain's second account, which has coin for gas. Everybody knows it. */
const ADAS_KEY: Hex = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
const api = operator();

/** Calling it again opens nothing more: the name is the idempotency key. */
async function hosted(name: string, token: Address): Promise<Address> {
  const opening = { custody: "hosted", tokens: [token] } as const;
  return (await api.openAccount(opening, { idempotencyKey: `open-${name}` })).address;
}

async function customer(token: Address): Promise<Client> {
  const account = localSigner(ADAS_KEY);
  const opening = { custody: "self", address: account.address, tokens: [token] } as const;
  await api.openAccount(opening, { idempotencyKey: "open-ada" });
  const store = await FileStore.open(path.join(mkdtempSync(path.join(tmpdir(), "ada-")), "wallet.jsonl"));
  return connect({ ...SERVICE, account, store });
}

/** The first event of a type about an account. An exchange keeps the number of the last one that it has booked. */
async function next(type: LedgerEvent["type"], account: Address): Promise<LedgerEvent> {
  return (await api.events({ account, type: [type] }).next()).value ?? fail("stopped");
}

async function main(): Promise<void> {
  const { token, whole } = await firstToken(api);
  const desk = await hosted("desk", token);
  await api.issue({ account: desk, token, amount: 1_000n * whole }, { idempotencyKey: "float" });
  const ada = await customer(token);

  // Ada has 60 on the chain: here, because the desk sends them to her address there.
  const deadline = BigInt(Math.floor(Date.now() / 1_000)) + 3_600n;
  const order = {
    custody: "hosted",
    from: desk,
    token,
    amount: 60n * whole,
    recipient: ada.account,
    deadline,
  } as const;
  await api.withdraw(order, { idempotencyKey: "to-ada" });
  await next("withdrawal.settled", desk);

  await ada.deposit({ token, amount: 50n * whole });
  const { amount } = await next("deposit.credited", ada.account);
  console.log(`ada deposited ${amount! / whole}`);

  await ada.pay({ to: desk, token, amount: 20n * whole, reference: keccakText("sell 1") });
  console.log("ada sold for 20");

  const owed = [
    { to: ada.account, amount: 5n * whole, reference: keccakText("payout ada") },
    { to: await hosted("bob", token), amount: 7n * whole, reference: keccakText("payout bob") },
    { to: await hosted("carol", token), amount: 11n * whole, reference: keccakText("payout carol") },
  ];
  const paid = await api.payBatch({ from: desk, token, items: owed }, { idempotencyKey: "payouts-of-the-day" });
  console.log(`${paid.items.length} payouts of ${paid.total / whole} in all, by one signature`);

  await ada.sync(token);
  await ada.withdraw({ token, amount: 35n * whole });
  await next("withdrawal.settled", ada.account);
  console.log(`ada withdrew 35 to ${ada.account} on the chain`);
  await ada.stop();

  const { balances } = await api.balances(desk);
  console.log(`the desk has ${balances[0]!.available / whole}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
