import { expect } from "chai";
import { HDNodeWallet } from "ethers";
import type { Browser, Page, Route } from "playwright-core";

import { freePort } from "../../src/chain/localNode";
import { toAddress, type Address } from "../../src/protocol";
import { startTower } from "../../src/watchtower";
import { SQLITE } from "../helpers/databases";
import { afterTest } from "../helpers/afterTest";
import { startBrowser } from "../helpers/browser";
import { expectAccessible, openPage, serveConsole, type ServedConsole } from "../helpers/console";
import { filmOf } from "../helpers/filmOf";
import { balanceIs, button, importKey, PASSWORD, section } from "../helpers/walletPage";

const WHOLE = 10n ** 18n;
const PHRASE = "test test test test test test test test test test test junk";

/** An account of the local chain, with coin for its fees. */
const rich = (index: number) => HDNodeWallet.fromPhrase(PHRASE, "", `m/44'/60'/0'/0/${index}`);

describe("what the console's wallet checks and has watched, in a browser", () => {
  let served: ServedConsole;
  let browser: Browser;
  let tower: string;

  before(async function () {
    tower = `http://127.0.0.1:${await freePort()}`;
    const settings = {
      STARLEDGER_PROOF_SECONDS: "0",
      STARLEDGER_PUBLIC_WATCHTOWERS: tower,
      STARLEDGER_EXPLORER_URL: "https://explorer.example/tx/{transaction}",
    };
    [served, browser] = await Promise.all([serveConsole(settings), startBrowser(this)]);
  });
  after(() => served.stop());

  /** Opens an account, gives it an amount, and its wallet in a browser. */
  const walletOf = async (key: HDNodeWallet, whole: bigint) => {
    const { operator, token } = served;
    const address = toAddress(key.address);
    await operator.openAccount({ custody: "self", address, tokens: [token] });
    await operator.issue({ account: address, token, amount: whole * WHOLE });
    const opened = await openPage(browser, served, "/wallet");
    await importKey(opened.page, key.privateKey);
    await balanceIs(opened.page, String(whole));
    return { ...opened, address };
  };

  const holdFinality = async (page: Page): Promise<() => Promise<void>> => {
    const ask = async (method: string, params: readonly unknown[]) => {
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
      const headers = { "content-type": "application/json" };
      const answer = await fetch(served.rpc, { method: "POST", body, headers });
      return ((await answer.json()) as { result: string }).result;
    };
    const head = await ask("eth_blockNumber", []);
    const url = (at: URL) => at.origin === new URL(served.rpc).origin;
    const hold = (route: Route) =>
      route.continue({ postData: route.request().postData()!.replaceAll('"finalized"', `"${head}"`) });
    await page.route(url, hold);
    return () => page.unroute(url, hold);
  };

  it("shows a deposit from when it is mined, how far it is from counting, and where an explorer has it", async () => {
    const { page, errors, strangers } = await walletOf(rich(11), 50n);
    // Tokens on the chain, to be deposited.
    await section(page, "Deposit & withdraw");
    const withdraw = page.locator(".panel", { hasText: "Withdraw to the chain" });
    await withdraw.getByLabel("Amount").fill("20");
    await withdraw.getByRole("button", { name: "Withdraw" }).click();
    await withdraw.locator(".progress .done").nth(2).waitFor();
    const finalise = await holdFinality(page);
    const deposit = page.locator(".panel", { hasText: "Deposit from the chain" });
    await deposit.getByLabel("Amount").fill("5");
    await deposit.getByRole("button", { name: "Deposit" }).click();
    await deposit.locator(".progress .now").waitFor();

    await section(page, "Activity");
    const row = page.getByRole("row", { name: "Deposited" });
    await row.getByText("Not final yet").waitFor();
    await row.getByRole("button", { name: "Details" }).click();
    await page.getByText(/^The last final block is \d+: [12] more to go\.$/).waitFor();
    const link = page.getByRole("dialog").getByRole("link", { name: "In the block explorer" });
    expect(await link.getAttribute("href")).to.match(/^https:\/\/explorer\.example\/tx\/0x[0-9a-f]{64}$/);
    await expectAccessible(page);
    await finalise();
    await page.getByRole("dialog").locator(".progress .done").nth(1).waitFor();
    await page.keyboard.press("Escape");
    await row.getByText("Not final yet").waitFor({ state: "hidden" });
    await section(page, "Balances");
    await balanceIs(page, "35");
    expect([errors, [...strangers]]).to.deep.equal([[], []]);
  });

  it("verifies the account's place in the proof of liabilities, and says where it does not hold", async function () {
    const { page, errors, strangers, address } = await walletOf(rich(12), 80n);
    const { operator, token } = served;
    await section(page, "Proof");
    await page.getByText("Nothing has been published of this asset yet.").waitFor();
    await expectAccessible(page);
    await operator.publish({ token });
    await page.getByText("It is what your own records and your own node say").waitFor();
    const facts = page.locator(".facts", { hasText: "Your part of it" });
    expect(await facts.locator("div", { hasText: "Your part of it" }).locator("dd").textContent()).to.equal("80 POINT");
    await expectAccessible(page);

    const { leaf, ...proof } = await operator.liability(address, token);
    const understated = { ...leaf, balance: String(leaf.balance - 1n) };
    const path = `**/v1/proofs/${address}**`;
    await page.route(path, async (route) => {
      const told = (await (await route.fetch()).json()) as object;
      await route.fulfill({ json: { ...told, leaf: understated } });
    });
    await section(page, "Balances");
    await section(page, "Proof");
    await page.getByText("invalid_proof").waitFor();
    await expectAccessible(page);
    expect(proof.publication.status).to.equal("final");
    expect([errors, [...strangers]]).to.deep.equal([[], []]);
  });

  it("hands over to a watchtower once its terms were agreed to, and shows what it has", async function () {
    const { page, errors, strangers } = await walletOf(rich(13), 30n);
    await startTowerFor(this);
    const shop = await hosted();
    await section(page, "Watchtower");
    await expectAccessible(page);
    await button(page, "See what it asks for");
    await page.getByText("10% of what a cheater forfeits to you").waitFor();
    await expectAccessible(page);
    await button(page, "Agree and hand over");
    await page.getByText("Has the newest").waitFor();
    await page.getByText("This service names no other watchtower.").waitFor();
    const facts = page.locator(".facts", { hasText: "Appointed until" });
    const stateIs = (version: string) =>
      facts
        .locator("div", { hasText: /^State/ })
        .getByText(version, { exact: true })
        .waitFor();
    await stateIs("0");
    await section(page, "Pay");
    await page.getByLabel("Invoice, address or name").fill(shop);
    await button(page, "Go on");
    await page.getByLabel("Amount").fill("4");
    await button(page, "Pay");
    await page.getByText("Your state and the system's signature").waitFor();
    await section(page, "Watchtower");
    await stateIs("1");
    await expectAccessible(page);

    await button(page, "Disconnect");
    await page.getByText("This wallet hands over nothing more.").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Disconnect" }).click();
    await page.getByRole("button", { name: "See what it asks for" }).waitFor();
    expect([errors, [...strangers]]).to.deep.equal([[], [tower]]);
  });

  it("explains what happens while both sides begin anew after a loss of data (S7), and goes on once they have", async () => {
    const { page, errors } = await walletOf(rich(16), 20n);
    const until = Math.floor(Date.now() / 1_000) + 500;
    // As a service answers that has lost what it had.
    const lost = async (route: Route): Promise<void> => {
      const told = (await (await route.fetch()).json()) as object;
      await route.fulfill({ json: { ...told, lostUntil: String(until) } });
    };
    const waits = (route: Route): Promise<void> => {
      const details = { until: String(until) };
      const texts = { type: "urn:starledger:error:resynchronising", title: "", detail: "", hint: "" };
      const problem = { ...texts, code: "resynchronising", status: 409, retryable: false, details };
      return route.fulfill({ status: 409, contentType: "application/problem+json", json: problem });
    };
    await page.route("**/v1/channels/*", lost);
    await page.route("**/v1/channels/*/outsets", waits);
    await page.goto(`${served.url}/wallet`);
    await page.getByLabel("Password").fill(PASSWORD);
    await button(page, "Unlock");
    await page.getByText("Beginning anew after a loss of data").waitFor();
    await page.getByText(/^Not before /).waitFor();
    await balanceIs(page, "20");
    await expectAccessible(page);
    await page.unroute("**/v1/channels/*", lost);
    await page.unroute("**/v1/channels/*/outsets", waits);
    await page.getByText("Beginning anew after a loss of data").waitFor({ state: "hidden" });
    await section(page, "Pay");
    await page.getByLabel("Invoice, address or name").fill(await hosted());
    await button(page, "Go on");
    await page.getByLabel("Amount").fill("5");
    await button(page, "Pay");
    await page.getByText("Your state and the system's signature").waitFor();
    expect(errors).to.deep.equal([]);
  });

  it("pays an invoice that the camera sees, and says what to do where there is no picture", async function () {
    const { operator, token } = served;
    const shop = await hosted();
    const expiry = BigInt(Math.floor(Date.now() / 1_000) + 3_000);
    const { text } = await operator.createInvoice({ account: shop, token, amount: 7n * WHOLE, expiry });
    const { page, errors, strangers, address } = await walletOf(rich(15), 30n);
    await section(page, "Pay");
    await button(page, "Scan a code");
    await page.getByText("Copy what is below the code, and paste it").waitFor();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await button(page, "Lock");
    const vault = await page.evaluate(() => localStorage.getItem("starledger.vault"));
    expect(vault).to.contain(address);

    const film = filmOf(this, text.toUpperCase());
    const flags = [
      "--use-fake-ui-for-media-stream",
      "--use-fake-device-for-media-stream",
      `--use-file-for-fake-video-capture=${film}`,
    ];
    const seeing = await openPage(await startBrowser(this, flags), served, "/wallet");
    await importKey(seeing.page, rich(15).privateKey);
    await balanceIs(seeing.page, "30");
    await section(seeing.page, "Pay");
    await button(seeing.page, "Scan a code");
    await seeing.page.getByText("It can still be paid").waitFor();
    expect(await seeing.page.getByText("7 POINT").first().isVisible()).to.equal(true);
    await expectAccessible(seeing.page);
    await button(seeing.page, "Pay");
    await seeing.page.locator(".progress .done").nth(2).waitFor();
    const told = [errors, [...strangers], seeing.errors, [...seeing.strangers]];
    expect(told).to.deep.equal([[], [], [], []]);
  });

  const hosted = async (): Promise<Address> =>
    (await served.operator.openAccount({ custody: "hosted", tokens: [served.token] })).address;

  /** A watchtower where the service says that there is one. */
  const startTowerFor = async (context: Mocha.Context): Promise<void> => {
    const { hub } = (await served.operator.systems())[0]!;
    const chain = { rpc: [served.rpc], quorum: undefined, hubs: [hub], systems: undefined };
    const running = await startTower({
      chains: [{ ...chain, finality: "finalized", gasKeys: [rich(14).privateKey] }],
      keys: { passphrase: null, patience: 1_000 },
      ...{ host: "127.0.0.1", port: Number(new URL(tower).port), publicUrl: undefined, logLevel: "silent" },
      ...{ store: await SQLITE.fresh(context), interval: 200, gasCap: 10n ** 13n, window: 64, leastShare: 1_000 },
      ...{ quota: 10, perMinute: 0, trustedProxies: [], keep: 86_400_000 },
    });
    afterTest(context, () => running.stop());
  };
});
