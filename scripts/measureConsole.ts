import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { cpus, tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";

import type { Browser } from "playwright-core";

import { addressOf, keccakText, toAddress, ZERO_HASH, type Address, type Hex } from "../src/protocol";
import { Keystore, Services, type AccountService } from "../src/service";
import { createServer } from "../src/service/http";
import { launchBrowser } from "./console/browser";
import { firstLoad, type Manifest } from "./console/firstLoad";
import { longestFrame } from "./console/longestFrame";
import { operatorPage } from "./console/pages";
import { createWorld } from "./demo/world";

// What the console loads first, how soon it can be used, and its longest frame while payments come in: printed as a table.

const FOLDER = path.join(__dirname, "../dist/console");
const KEY = "the-operator-of-the-measured-console";
/** Payments per second, and milliseconds that they come for. */
const [RATE, TIME] = [2_000, 20_000];
const VISITS = 5;
const ACCOUNTS = 50;

const PAGES = [
  ["The service's page", "/", "src/public/ServicePage.tsx", "POINT"],
  ["The wallet", "/wallet", "src/wallet/WalletApp.tsx", "Make a new key"],
  ["The operator's side", "/operator", "src/operator/OperatorApp.tsx", "API key"],
] as const;

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "starledger-console-"));
  const world = await createWorld(folder);
  const { service, store, secrets, node } = world;
  const keystore = new Keystore(secrets.keystore, secrets.salt);
  const services = new Services([service]);
  const surroundings = { nodes: [node.url], watchtowers: [], explorer: null };
  const app = await createServer({ services, store, keystore, operatorKey: KEY, console: FOLDER, surroundings });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const browser = await launchBrowser();
  try {
    const rows: [string, string][] = [["Processor", `${cpus().length} × ${cpus()[0]!.model}`]];
    for (const [name, at, part, text] of PAGES) {
      rows.push([name, `${sizeOf(part)} kB compressed, usable after ${await usableAfter(browser, url + at, text)} ms`]);
    }
    const page = await operatorPage(browser, url, KEY);
    const frame = longestFrame(page, TIME);
    const paid = await pay(service, toAddress(await world.points.getAddress()), TIME);
    const { longest, late } = await frame;
    rows.push(["Payments per second", `${Math.round((1_000 * paid) / TIME)}, of ${RATE} that were asked for`]);
    rows.push(["Longest frame meanwhile", `${longest} ms; ${late} of more than 50 ms`]);
    for (const [name, value] of rows) process.stdout.write(`${name.padEnd(26)}${value}\n`);
  } finally {
    await browser.close();
    await app.close();
    await world.stop();
    rmSync(folder, { recursive: true });
  }
}

/** What a first visit loads, in kB. */
function sizeOf(part: string): number {
  const manifest = JSON.parse(readFileSync(path.join(FOLDER, ".vite/manifest.json"), "utf8")) as Manifest;
  const files = firstLoad(manifest, part);
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(path.join(FOLDER, file))).length, 0);
  return Math.ceil(bytes / 1_000);
}

/** Milliseconds from a visit with nothing in the cache to the moment when it can be used; the median of some. */
async function usableAfter(browser: Browser, url: string, text: string): Promise<number> {
  const times: number[] = [];
  for (let visit = 0; visit < VISITS; visit++) {
    const context = await browser.newContext({ locale: "en-GB" });
    const page = await context.newPage();
    const start = performance.now();
    await page.goto(url);
    await page.getByText(text).first().waitFor();
    times.push(performance.now() - start);
    await context.close();
  }
  return Math.round(times.sort((a, b) => a - b)[Math.floor(VISITS / 2)]!);
}

/** Payments between hosted accounts for a time, as many per second as asked for if they are carried out so fast. */
async function pay(service: AccountService, token: Address, time: number): Promise<number> {
  const accounts: Address[] = [];
  for (let i = 0; i < ACCOUNTS; i++) {
    const privateKey = keccakText(`measured ${i}`) as Hex;
    const account = addressOf(privateKey);
    await service.submit({ type: "openHostedAccount", privateKey, tokens: [token] });
    await service.submit({ type: "issue", account, token, amount: 10n ** 18n, reference: ZERO_HASH });
    accounts.push(account);
  }
  let [asked, done] = [0, 0];
  const start = performance.now();
  while (performance.now() - start < time) {
    const due = Math.floor(((performance.now() - start) / 1_000) * RATE);
    // What is not carried out yet is waited for: a queue would only grow.
    for (; asked < due && asked - done < RATE; asked++) {
      const [from, to] = [accounts[asked % ACCOUNTS]!, accounts[(asked + 1) % ACCOUNTS]!];
      const payment = { type: "pay", from, to, token, amount: 1n, reference: ZERO_HASH } as const;
      void service.submit(payment).finally(() => (done += 1));
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return done;
}

void main();
