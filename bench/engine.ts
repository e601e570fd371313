import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import {
  addressOf,
  defaultAllotment,
  digest,
  domainSeparator,
  hashState,
  keccakText,
  nextState,
  sign,
  toAddress,
  ZERO_HASH,
  type Hex,
} from "../src/protocol";
import { AccountService, Keystore, type Request } from "../src/service";
import { SqliteStore } from "../src/store";

// Durable payments per second through the service in process: hosted (the service signs for the payer) and self-custody
// (signed beforehand; the service checks). Usage: npx tsx bench/engine.ts [payments] [accounts]

const payments = Number(process.argv[2] ?? 20_000);
const accounts = Number(process.argv[3] ?? 1_000);

const token = toAddress("0x00000000000000000000000000000000000000aa");
const domain = { chainId: 31337n, hub: toAddress("0x00000000000000000000000000000000000000bb") };
const signerKey = keccakText("signer") as Hex;
const system = addressOf(keccakText("system"));
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

async function run(custody: "self" | "hosted"): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "starledger-bench-"));
  const store = new SqliteStore(path.join(folder, "ledger.db"));
  const keystore = new Keystore("bench", `0x${"11".repeat(16)}`);
  const service = new AccountService({ store, domain, system, signerKey, keystore });
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
  const separator = domainSeparator(domain);
  const states = addresses.map((account) => service.channelOf(account, token)!.state);
  const requests = Array.from({ length: payments }, (_, i): Request => {
    const from = i % accounts;
    const to = addresses[(i * 7 + 1) % accounts === from ? (from + 1) % accounts : (i * 7 + 1) % accounts]!;
    if (custody === "hosted")
      return { type: "pay", from: addresses[from]!, to, token, amount: 1n, reference: ZERO_HASH };
    const operations = [{ type: "pay", to, amount: 1n, reference: ZERO_HASH } as const];
    const proposal = (states[from] = nextState(states[from]!, operations));
    return {
      type: "submitState",
      proposal,
      operations,
      signature: sign(digest(separator, hashState(proposal)), keys[from]!),
    };
  });
  const start = process.hrtime.bigint();
  await Promise.all(requests.map((request) => service.submit(request)));
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const { commits } = service.counters;
  console.log(
    `${custody}: ${Math.round(payments / seconds)} payments/s, ${commits} commits, conserved ${service.isConserved(token)}`,
  );
  store.close();
  rmSync(folder, { recursive: true });
}

void run("hosted").then(() => run("self"));
