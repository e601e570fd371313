import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { addressOf, keccakText, type Address, type Hex } from "../src/protocol";
import { operatorApi, type OperatorApi } from "../src/sdk";
import { launchBrowser } from "./console/browser";
import { operatorPage, walletPage } from "./console/pages";
import { punishCheater } from "./demo/disputes";
import { creditsFor } from "./demo/expected";
import { readPayments, type Payment } from "./demo/input";
import { openAccounts, replay, type Actor } from "./demo/replay";
import { DEMO_KEY, serveWorld } from "./demo/serve";
import { withdrawRichest } from "./demo/withdrawals";
import { createWorld } from "./demo/world";

// Pictures of the console's pages, with the sample's payments in it, for README and docs.

const SAMPLE = path.join(__dirname, "../examples/data/ethereum-payments.csv");
const OUT = path.join(__dirname, "../docs/screenshots");

/** Payments that are there before, and how long further ones come in while pictures are taken. */
const [BEFORE, LIVE] = [2_000, 25_000];
const WHOLE = 10n ** 18n;
/** Payments that are under way at once. */
const AT_ONCE = 24;
const DESKTOP = { viewport: { width: 1280, height: 900 }, colorScheme: "light" } as const;
const PHONE = { viewport: { width: 390, height: 844 }, colorScheme: "dark" } as const;

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "starledger-screenshots-"));
  const world = await createWorld(folder);
  const all = readPayments(SAMPLE, Infinity);
  const actors = await openAccounts(world, creditsFor(all), () => undefined);
  await replay(world, all.slice(0, BEFORE), actors, () => undefined);
  await withdrawRichest(world, actors.values(), 20);
  await punishCheater(world);
  const token = (await world.points.getAddress()).toLowerCase() as Address;
  const { url, stop } = await serveWorld(world);
  const browser = await launchBrowser();
  try {
    mkdirSync(OUT, { recursive: true });
    const operator = operatorApi(url, DEMO_KEY);
    const [overview, phone] = await Promise.all([
      operatorPage(browser, url, DEMO_KEY, DESKTOP),
      operatorPage(browser, url, DEMO_KEY, PHONE),
    ]);
    await payOn(operator, token, all.slice(BEFORE), actors);
    await overview.screenshot({ path: path.join(OUT, "overview.png") });
    await phone.screenshot({ path: path.join(OUT, "overview-phone.png") });
    const page = await operatorPage(browser, url, DEMO_KEY, DESKTOP);
    const shoot = async (name: string) => page.screenshot({ path: path.join(OUT, `${name}.png`) });
    const go = (name: string) => page.getByRole("link", { name, exact: true }).click();
    await go("Payments");
    await page.getByRole("button", { name: "Receipt" }).first().click();
    await page.getByText("Checked in this browser").waitFor();
    await shoot("receipt");
    await page.keyboard.press("Escape");
    await page.locator("td a").first().click();
    await page.getByRole("heading", { name: "History" }).waitFor();
    await page.locator("tbody tr").nth(3).waitFor();
    await shoot("account");
    const payer = [...actors.values()].find((one) => one.wallet === undefined)!;
    const customer = await openCustomer(operator, token);
    await operator.issue({ account: payer.address, token, amount: 500n * WHOLE });
    const own = await walletPage(browser, url, customer.privateKey, DESKTOP);
    for (const [index, whole] of [120n, 45n, 8n].entries()) {
      await operator.transfer({ from: payer.address, to: customer.address, token, amount: whole * WHOLE });
      await own.getByText("Received", { exact: true }).nth(index).waitFor();
    }
    await own.screenshot({ path: path.join(OUT, "wallet.png"), clip: { x: 0, y: 0, width: 1280, height: 720 } });
    const anyone = await (await browser.newContext({ ...DESKTOP, locale: "en-GB" })).newPage();
    await anyone.goto(url);
    await anyone.getByText("POINT", { exact: true }).first().waitFor();
    await anyone.screenshot({ path: path.join(OUT, "service.png"), clip: { x: 0, y: 0, width: 1280, height: 640 } });
  } finally {
    await browser.close();
    await stop();
    world.node.stop();
    rmSync(folder, { recursive: true });
  }
}

/** Somebody new with a key of their own. */
async function openCustomer(operator: OperatorApi, token: Address) {
  const privateKey = keccakText("a customer in the pictures") as Hex;
  const address = addressOf(privateKey);
  await operator.openAccount({ custody: "self", address, tokens: [token] });
  return { privateKey, address };
}

/** Pays on as the sample goes on, by the accounts whose keys the service keeps. */
async function payOn(
  operator: OperatorApi,
  token: Address,
  payments: readonly Payment[],
  actors: ReadonlyMap<Address, Actor>,
): Promise<void> {
  const until = Date.now() + LIVE;
  const left = payments.values();
  const one = async (): Promise<void> => {
    for (const { from, to, amount } of left) {
      const [payer, payee] = [actors.get(from)!, actors.get(to)!];
      if (payer.wallet !== undefined) continue;
      // Somebody whose earlier payer keeps the key may not have the money yet.
      await operator.transfer({ from: payer.address, to: payee.address, token, amount }).catch(() => undefined);
      if (Date.now() > until) return;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

void main();
