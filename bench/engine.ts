import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import {
  addressOf,
  advanceState,
  defaultAllotment,
  digest,
  domainSeparator,
  hashOfPreimage,
  hashState,
  keccakText,
  sign,
  toAddress,
  ZERO_HASH,
  type Address,
  type Hex,
  type Lock,
  type State,
  type StateOperation,
} from "../src/protocol";
import { AccountService, Keystore, type Request } from "../src/service";
import { localKey } from "../src/signer";
import { openStore } from "../src/store";

// Durable payments per second through the service in process: hosted (the service signs for the payer), self-custody
// (signed beforehand; the service checks), conditional (locked, revealed, folded; self-custody, a quarter as many), and in
// batches of 5,000 (hosted).
// On a new SQLite file, or the store whose address is given.
// Usage: npx tsx bench/engine.ts [payments] [accounts] [store]

const payments = Number(process.argv[2] ?? 20_000);
const accounts = Number(process.argv[3] ?? 1_000);

const token = toAddress("0x00000000000000000000000000000000000000aa");
const domain = { chainId: 31337n, hub: toAddress("0x00000000000000000000000000000000000000bb") };
const separator = domainSeparator(domain);
const signerKey = keccakText("signer") as Hex;
const keys = Array.from({ length: accounts }, (_, i) => keccakText(`user ${i}`) as Hex);
const addresses = keys.map(addressOf);
const settings = {
  backing: "issued",
  challengePeriod: 86400n,
  claimWindow: 86400n,
  lockLimit: 86400n,
  award: 0n,
  staleFee: 0n,
} as const;

async function start(custody: "self" | "hosted") {
  const folder = mkdtempSync(path.join(tmpdir(), "starledger-bench-"));
  const store = await openStore(process.argv[4] ?? `sqlite:${path.join(folder, "ledger.db")}`);
  const system = addressOf(keccakText(`system ${custody} ${Date.now()}`));
  const keystore = new Keystore("bench", `0x${"11".repeat(16)}`);
  const service = await AccountService.start({ store, domain, system, signer: localKey(signerKey), keystore });
  const allotment = defaultAllotment(18);
  await service.submit({
    type: "addAsset",
    asset: { system, token, decimals: 18, settings, allotment, limit: allotment },
  });
  await Promise.all(
    keys.map((privateKey, i) =>
      service.submit(
        custody === "hosted"
          ? { type: "openHostedAccount", privateKey, tokens: [token] }
          : { type: "openAccount", address: addresses[i]!, tokens: [token] },
      ),
    ),
  );
  await Promise.all(
    addresses.map((account) =>
      service.submit({ type: "issue", account, token, amount: 10n ** 18n, reference: ZERO_HASH }),
    ),
  );
  const stop = async () => {
    await service.stop();
    await store.close();
    rmSync(folder, { recursive: true });
  };
  return { service, stop };
}

/** Payments per second of carrying out the requests, wave by wave. */
async function measure(
  name: string,
  service: AccountService,
  count: number,
  waves: readonly Request[][],
): Promise<void> {
  const commits = service.counters.commits;
  const [start, startCpu] = [process.hrtime.bigint(), process.cpuUsage()];
  for (const wave of waves) await Promise.all(wave.map((request) => service.submit(request)));
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const { user, system } = process.cpuUsage(startCpu);
  const [rate, made] = [Math.round(count / seconds), service.counters.commits - commits];
  const processor = Math.round((user + system) / count);
  console.log(
    `${name}: ${rate} payments/s, ${processor} µs of processor each, ${made} commits, conserved ${await service.isConserved(token)}`,
  );
}

/** A payer's batches, each in one state: as large as the API takes them. */
async function batches(): Promise<void> {
  const { service, stop } = await start("hosted");
  const [from] = addresses as [Address];
  const items = Array.from({ length: 5_000 }, (_, i) => {
    return { to: payeeOf(i, 0), amount: 1n, reference: ZERO_HASH };
  });
  const count = Math.max(1, Math.floor(payments / items.length));
  const requests = Array.from({ length: count }, (): Request => ({ type: "payBatch", from, token, items }));
  await measure("batches", service, count * items.length, [requests]);
  await stop();
}

/** Another account than `from`, the `i`th time. */
function payeeOf(i: number, from: number): Address {
  const to = (i * 7 + 1) % accounts;
  return addresses[to === from ? (from + 1) % accounts : to]!;
}

function submitting(state: State, locks: readonly Lock[], operations: StateOperation[], key: Hex) {
  const next = advanceState(state, locks, operations);
  const signature = sign(digest(separator, hashState(next.state)), key);
  return { ...next, request: { type: "submitState", proposal: next.state, operations, signature } as const };
}

async function direct(custody: "self" | "hosted"): Promise<void> {
  const { service, stop } = await start(custody);
  const states = addresses.map((account) => service.channelOf(account, token)!.state);
  const requests = Array.from({ length: payments }, (_, i): Request => {
    const from = i % accounts;
    const to = payeeOf(i, from);
    if (custody === "hosted") {
      return { type: "pay", from: addresses[from]!, to, token, amount: 1n, reference: ZERO_HASH };
    }
    const pay = { type: "pay", to, amount: 1n, reference: ZERO_HASH } as const;
    const { state, request } = submitting(states[from]!, [], [pay], keys[from]!);
    states[from] = state;
    return request;
  });
  await measure(custody, service, payments, [requests]);
  await stop();
}

async function conditional(): Promise<void> {
  const { service, stop } = await start("self");
  const count = Math.floor(payments / 4);
  const expiry = BigInt(Math.floor(Date.now() / 1000)) + 20_000n;
  const preimages = Array.from({ length: count }, (_, i) => keccakText(`preimage ${i}`));
  const channels = addresses.map((account) => {
    return { state: service.channelOf(account, token)!.state, locks: [] as readonly Lock[] };
  });
  const locked = preimages.map((preimage, i): Request => {
    const from = i % accounts;
    const to = payeeOf(i, from);
    const hash = hashOfPreimage(preimage);
    const lock = { type: "lock", to, amount: 1n, fee: 0n, hash, expiry, reference: ZERO_HASH } as const;
    const { state, locks, request } = submitting(channels[from]!.state, channels[from]!.locks, [lock], keys[from]!);
    channels[from] = { state, locks };
    return request;
  });
  const revealed = preimages.map((preimage): Request => ({ type: "reveal", preimage }));
  const folded = channels.flatMap(({ state, locks }, from): Request[] => {
    const folds = locks.map(({ index }, i) => {
      return { type: "foldLock", index, preimage: preimages[from + i * accounts]! } as const;
    });
    return folds.length === 0 ? [] : [submitting(state, locks, folds, keys[from]!).request];
  });
  await measure("conditional", service, count, [locked, revealed, folded]);
  await stop();
}

void direct("hosted")
  .then(() => direct("self"))
  .then(conditional)
  .then(batches);
