import { readFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";
import { HDNodeWallet } from "ethers";
import type { Browser, Page } from "playwright-core";

import { toAddress, type Address } from "../../src/protocol";
import { ChainNode, FileStore, httpProvider, Hub, restore } from "../../src/sdk";
import { startBrowser } from "../helpers/browser";
import { expectAccessible, openPage, serveConsole, type ServedConsole } from "../helpers/console";
import { temporaryFolder } from "../helpers/temporaryFolder";
import { balanceIs, button, choosePassword, importKey, PASSWORD, section } from "../helpers/walletPage";

const WHOLE = 10n ** 18n;
/** An account of the local chain, with coin for its fees. */
const RICH = HDNodeWallet.fromPhrase(
  "test test test test test test test test test test test junk",
  "",
  "m/44'/60'/0'/0/7",
);

/** Makes a key as its owner is led to; resolves with the account and its phrase. */
async function makeKey(page: Page): Promise<{ readonly address: Address; readonly phrase: string }> {
  await button(page, "Make a new key");
  await page.locator(".words li").nth(11).waitFor();
  const words = await page.locator(".words li").allTextContents();
  await expectAccessible(page);
  await button(page, "I have written them down");
  await page.getByLabel("Word 3").fill(words[2]!);
  await page.getByLabel("Word 9").fill(words[8]!);
  await button(page, "I have written them down");
  await choosePassword(page);
  await page.getByRole("heading", { name: "The account is not open yet" }).waitFor();
  const phrase = words.join(" ");
  return { phrase, address: toAddress(HDNodeWallet.fromPhrase(phrase).address) };
}

describe("the console's wallet, in a browser", () => {
  let served: ServedConsole;
  let browser: Browser;

  before(async function () {
    [served, browser] = await Promise.all([serveConsole(), startBrowser(this)]);
  });
  after(() => served.stop());

  /** Opens an account and gives it an amount. */
  const give = async (address: Address, whole: bigint): Promise<void> => {
    const { operator, token } = served;
    await operator.openAccount({ custody: "self", address, tokens: [token] });
    await operator.issue({ account: address, token, amount: whole * WHOLE });
  };

  const shopWith = async (whole: bigint): Promise<Address> => {
    const { operator, token } = served;
    const { address } = await operator.openAccount({ custody: "hosted", tokens: [token] });
    if (whole > 0n) await operator.issue({ account: address, token, amount: whole * WHOLE });
    return address;
  };

  const soon = (): bigint => BigInt(Math.floor(Date.now() / 1_000) + 3_000);

  it("a user's first day: makes a key, is paid, pays directly and by invoice, checks the receipts, backs up, locks", async function () {
    const { operator, token } = served;
    const { page, errors, strangers } = await openPage(browser, served, "/wallet");
    const { address, phrase } = await makeKey(page);
    await expectAccessible(page);
    const shop = await shopWith(100n);
    await give(address, 1_250n);
    await balanceIs(page, "1,250");
    await expectAccessible(page);

    await section(page, "Pay");
    await page.getByLabel("Invoice, address or name").fill(shop);
    await button(page, "Go on");
    await page.getByLabel("Amount").fill("12.5");
    await expectAccessible(page);
    await button(page, "Pay");
    await page.getByText("Your state and the system's signature").waitFor();

    const { text } = await operator.createInvoice({ account: shop, token, amount: 30n * WHOLE, expiry: soon() });
    await page.goto(`${served.url}/pay/${text}`);
    await page.getByText("The payee signed this invoice").waitFor();
    await expectAccessible(page);
    await page.getByRole("link", { name: "Pay from the wallet" }).click();
    await page.getByLabel("Password").fill("not the password");
    await button(page, "Unlock");
    await page.getByText("The secret does not open the key").waitFor();
    await page.getByLabel("Password").fill(PASSWORD);
    await button(page, "Unlock");
    await button(page, "Go on");
    await page.getByText("It can still be paid").waitFor();
    await expectAccessible(page);
    await button(page, "Pay");
    await page.locator(".progress .done").nth(2).waitFor();
    await expectAccessible(page);

    await section(page, "Receive");
    await page.getByLabel("Amount").fill("7");
    await button(page, "Make the invoice");
    await page.getByText("Waits to be paid").waitFor();
    await expectAccessible(page);
    const invoice = await page.getByText(/^sl1/).textContent();
    await operator.payInvoice({ from: shop, invoice: invoice! });
    await page.getByText("The money is part of your balance").waitFor();

    await section(page, "Activity");
    const rows = page.getByRole("row");
    await rows.nth(4).waitFor();
    const told = (await rows.allTextContents())
      .slice(1)
      .map((row) => row.replace(/\d+ \w+ 2\d{3}, \d\d:\d\d:\d\d/, " "));
    expect(told).to.deep.equal([
      "Received 7 POINTDetails",
      "Conditional paymentPaid −30 POINTDetails",
      "Paid −12.50 POINTDetails",
      "Received 1,250 POINTDetails",
    ]);
    await rows.nth(2).getByRole("button").click();
    await page.getByText("The system signed it, with a key that the chain knows").waitFor();
    await expectAccessible(page);
    await page.keyboard.press("Escape");

    await section(page, "Key & backup");
    await expectAccessible(page);
    await page.getByLabel("Passphrase of the backup").fill(PASSWORD);
    const downloading = page.waitForEvent("download");
    await button(page, "Download the backup");
    const store = await FileStore.open(path.join(temporaryFolder(this), "wallet.jsonl"));
    const backup = await (await downloading).path();
    await restore(store, readFileSync(backup), PASSWORD);
    expect((await store.all()).map(({ type }) => type)).to.include.members(["opened", "received", "completed"]);
    await store.close();

    await button(page, "Lock");
    await page.getByRole("heading", { name: "Unlock the wallet" }).waitFor();

    const { page: another } = await openPage(browser, served, "/wallet");
    await button(another, "Use a key you have");
    await another.getByLabel("Recovery phrase or private key").fill(phrase);
    await another.getByRole("main").locator("button[type=submit]").click();
    await another.getByLabel("A backup of the records (optional)").setInputFiles(backup);
    await another.getByLabel("Passphrase of the backup").fill(PASSWORD);
    await expectAccessible(another);
    await choosePassword(another);
    await balanceIs(another, "1,214.50");
    await section(another, "Activity");
    await another.locator("tr", { hasText: "−12.50 POINT" }).waitFor();

    const [balance] = (await operator.balances(address)).balances;
    expect(balance!.balance).to.equal((12_145n * WHOLE) / 10n);
    expect([errors, [...strangers]]).to.deep.equal([[], []]);
  });

  it("a payment between two browsers: an invoice made in one is paid in the other, and both see it happen", async function () {
    const [payer, payee] = [HDNodeWallet.createRandom(), HDNodeWallet.createRandom()];
    await give(toAddress(payer.address), 60n);
    await served.operator.openAccount({ custody: "self", address: toAddress(payee.address), tokens: [served.token] });
    const [one, other] = await Promise.all([
      openPage(browser, served, "/wallet"),
      openPage(await startBrowser(this), served, "/wallet"),
    ]);
    await importKey(one.page, payer.privateKey);
    await importKey(other.page, payee.privateKey);
    await balanceIs(one.page, "60");
    await balanceIs(other.page, "0");

    await section(other.page, "Receive");
    await other.page.getByLabel("Amount").fill("12.5");
    await button(other.page, "Make the invoice");
    await other.page.getByText("Waits to be paid").waitFor();
    const invoice = (await other.page.getByText(/^sl1/).textContent())!;
    await section(one.page, "Pay");
    await one.page.getByLabel("Invoice, address or name").fill(invoice);
    await button(one.page, "Go on");
    await one.page.getByText("It can still be paid").waitFor();
    await button(one.page, "Pay");
    await one.page.locator(".progress .done").nth(2).waitFor();
    await other.page.getByText("The money is part of your balance").waitFor();

    // A part of it is paid back, straight to the address.
    await section(other.page, "Pay");
    await other.page.getByLabel("Invoice, address or name").fill(payer.address);
    await button(other.page, "Go on");
    await other.page.getByLabel("Amount").fill("2.5");
    await button(other.page, "Pay");
    await other.page.getByText("Your state and the system's signature").waitFor();
    await section(one.page, "Balances");
    await section(other.page, "Balances");
    await balanceIs(one.page, "50");
    await balanceIs(other.page, "10");
    const told = [one.errors, [...one.strangers], other.errors, [...other.strangers]];
    expect(told).to.deep.equal([[], [], [], []]);
  });

  it("deposits, withdraws and leaves alone with a key that was there before", async function () {
    const address = toAddress(RICH.address);
    await give(address, 50n);
    const { page, errors, strangers } = await openPage(browser, served, "/wallet");
    await button(page, "Use a key you have");
    await page.getByLabel("Recovery phrase or private key").fill(RICH.privateKey);
    await expectAccessible(page);
    await page.getByRole("main").locator("button[type=submit]").click();
    await choosePassword(page);
    await balanceIs(page, "50");

    await section(page, "Deposit & withdraw");
    await expectAccessible(page);
    const withdraw = page.locator(".panel", { hasText: "Withdraw to the chain" });
    await withdraw.getByLabel("Amount").fill("20");
    await withdraw.getByRole("button", { name: "Withdraw" }).click();
    await withdraw.locator(".progress .done").nth(2).waitFor();
    const { hub } = (await served.operator.systems())[0]!;
    const chain = new Hub(hub, new ChainNode(httpProvider(served.rpc)));
    expect(await chain.held(served.token, address)).to.equal(20n * WHOLE);
    const deposit = page.locator(".panel", { hasText: "Deposit from the chain" });
    await deposit.getByLabel("Amount").fill("5");
    await deposit.getByRole("button", { name: "Deposit" }).click();
    await deposit.locator(".progress .done").nth(1).waitFor();
    await section(page, "Balances");
    await balanceIs(page, "35");

    await section(page, "Leave");
    await button(page, "Show the next step");
    await page.getByText("Close humbly: 35 POINT due").waitFor();
    await expectAccessible(page);
    await button(page, "Do this step");
    await page.getByText(/^Wait until/).waitFor();
    expect([errors, [...strangers]]).to.deep.equal([[], []]);
  });

  it("asks whom the account is with where several systems are served, and remembers it", async () => {
    const [system] = await served.operator.systems();
    const another = { ...system!, address: `0x${"5a".repeat(20)}`, chainId: String(system!.chainId) };
    const { address, privateKey } = HDNodeWallet.createRandom();
    await give(toAddress(address), 5n);
    const { page, errors } = await openPage(browser, served, "/wallet");
    const systems = [another, { ...system!, chainId: String(system!.chainId) }];
    await page.route("**/v1/systems", (route) => route.fulfill({ json: { systems } }));
    await importKey(page, privateKey);
    await page.getByRole("heading", { name: "Whom is the account with?" }).waitFor();
    await expectAccessible(page);
    await page.locator(".panel", { hasText: system!.address }).getByRole("button", { name: "This one" }).click();
    await balanceIs(page, "5");
    const kept = await page.evaluate(() => localStorage.getItem("starledger.vault"));
    expect((JSON.parse(kept!) as { system: string }).system).to.equal(system!.address);
    expect(errors).to.deep.equal([]);
  });

  it("is readable in Chinese, in the dark and on a phone, and remembers that", async () => {
    const phone = { viewport: { width: 360, height: 740 }, colorScheme: "dark" } as const;
    const { page, errors, strangers } = await openPage(browser, served, "/", phone);
    await page.getByText("POINT", { exact: true }).first().waitFor();
    await expectAccessible(page);
    await page.getByLabel("Language").selectOption("zh");
    await page.getByText("运营方").or(page.getByText("资产")).first().waitFor();
    await expectAccessible(page);
    await page.goto(`${served.url}/wallet`);
    await page.getByRole("button", { name: "创建新密钥" }).waitFor();
    expect(await page.locator("html").getAttribute("lang")).to.equal("zh-Hans");
    expect(await page.locator("html").getAttribute("data-theme")).to.equal("dark");
    await expectAccessible(page);
    await page.getByRole("button", { name: "浅色主题" }).click();
    await page.reload();
    await page.getByRole("button", { name: "深色主题" }).waitFor();
    await expectAccessible(page);
    await page.goto(`${served.url}/wallet/elsewhere`);
    expect([errors, [...strangers]]).to.deep.equal([[], []]);
  });
});
