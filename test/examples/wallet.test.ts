import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";

import { expect } from "chai";
import type { Browser, Page } from "playwright-core";

import { FileStore, restore } from "../../src/sdk";
import { afterTest } from "../helpers/afterTest";
import { startBrowser } from "../helpers/browser";
import { temporaryFolder } from "../helpers/temporaryFolder";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** `npm run example:wallet`, without what npm adds. */
async function startWallet(context: Mocha.Context): Promise<string> {
  const env = { ...process.env, WALLET_PORT: String(await freePort()) };
  const run = spawn(process.execPath, ["--import", "tsx", "examples/run.ts", "wallet"], {
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  afterTest(context, async () => {
    run.kill("SIGTERM");
    await once(run, "exit");
  });
  const [said] = (await once(run.stdout, "data")) as [Buffer];
  return /^Wallet: (\S+)\n$/.exec(said.toString())![1]!;
}

/** A page of a browser profile of its own, when it shows a balance. */
async function open(browser: Browser, url: string): Promise<Page> {
  const page = await (await browser.newContext({ acceptDownloads: true })).newPage();
  page.setDefaultTimeout(200_000);
  await page.goto(url);
  await shows(page, "100");
  return page;
}

const shows = (page: Page, balance: string) =>
  page.waitForFunction((text) => document.getElementById("balance")!.textContent === text, balance);

const submit = async (page: Page, form: string, field: string, value: string): Promise<void> => {
  await page.fill(`#${form} [name=${field}]`, value);
  await page.click(`#${form} button`);
};

describe("examples/wallet", () => {
  it("receives, pays and is backed up, in a browser", async function () {
    const [url, browser] = await Promise.all([startWallet(this), startBrowser(this)]);
    const [ada, bob] = await Promise.all([open(browser, url), open(browser, url)]);
    await submit(bob, "receive", "amount", "30");
    await bob.waitForFunction(() => document.getElementById("invoice")!.textContent.startsWith("sl1"));
    const invoice = (await bob.textContent("#invoice"))!;
    await submit(ada, "pay", "invoice", invoice);
    await Promise.all([shows(ada, "70"), shows(bob, "130")]);

    await submit(ada, "pay", "invoice", invoice);
    await ada.waitForFunction(() => document.getElementById("problem")!.textContent !== "");
    expect(await ada.textContent("#problem")).to.match(/^The hash was used before, or its preimage is known\. /);

    const downloading = bob.waitForEvent("download");
    await submit(bob, "backup", "passphrase", "correct horse");
    const store = await FileStore.open(path.join(temporaryFolder(this), "wallet.jsonl"));
    await restore(store, readFileSync(await (await downloading).path()), "correct horse");
    const records = await store.all();
    await store.close();
    expect(records.map(({ type }) => type)).to.include.members(["opened", "invoiced", "received", "restored"]);

    await ada.reload();
    await shows(ada, "70");
  });
});
