import { readFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";
import { HDNodeWallet, JsonRpcProvider } from "ethers";
import type { Browser, Page } from "playwright-core";

import { channelId, toAddress, type Address, type Hex } from "../../src/protocol";
import { administrationApi, connect, FileStore, localSigner } from "../../src/sdk";
import { closeCall } from "../../src/sdk/chain/disputeCalls";
import { DEVELOPMENT } from "../../src/service/config";
import { startBrowser } from "../helpers/browser";
import { expectAccessible, openPage, serveConsole, type ServedConsole } from "../helpers/console";
import { expectError } from "../helpers/errors";
import { startReceiver } from "../helpers/receiver";
import { temporaryFolder } from "../helpers/temporaryFolder";

const WHOLE = 10n ** 18n;
const PHRASE = "test test test test test test test test test test test junk";

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const go = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Operator" }).getByRole("link", { name, exact: true }).click();
/** A dangerous act: what it says is read before it is done. */
const confirm = async (page: Page, name: string, says: string): Promise<void> => {
  await button(page, name);
  await page.getByRole("dialog").getByText(says).waitFor();
  await page.getByRole("dialog").getByRole("button", { name, exact: true }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
};

async function signIn(page: Page, key: string): Promise<void> {
  await page.getByLabel("API key").fill(key);
  await button(page, "Sign in");
}

describe("the console's operator side, in a browser", () => {
  let served: ServedConsole;
  let browser: Browser;

  before(async function () {
    [served, browser] = await Promise.all([
      serveConsole({
        STARLEDGER_EXPLORER_URL: "https://explorer.example/tx/{transaction}",
        // Nothing is published but what a test asks for.
        STARLEDGER_PROOF_SECONDS: "0",
        STARLEDGER_WEBHOOK_TARGETS: "any",
      }),
      startBrowser(this),
    ]);
  });
  after(() => served.stop());

  const hosted = async (whole: bigint): Promise<Address> => {
    const { operator, token } = served;
    const { address } = await operator.openAccount({ custody: "hosted", tokens: [token] });
    if (whole > 0n) await operator.issue({ account: address, token, amount: whole * WHOLE });
    return address;
  };

  it("an operator's first hour: signs in, opens an account, issues, sees a payment come, checks its receipt, freezes", async function () {
    const { operator, token } = served;
    const { page, errors, strangers } = await openPage(browser, served, "/operator");
    await expectAccessible(page);
    await signIn(page, "not the operator's key");
    await page.getByText("What to do:").waitFor();
    await signIn(page, DEVELOPMENT.operatorKey);
    await page.getByText("All is well").waitFor();
    await page.getByText("9,999,999,999 POINT").or(page.getByText("10,000,000,000 POINT")).first().waitFor();
    await expectAccessible(page);

    await go(page, "Accounts");
    await page.getByLabel("Who keeps the key").selectOption("hosted");
    await page.locator(".panel", { hasText: "Who keeps the key" }).getByRole("button").click();
    await page.getByRole("heading", { name: "Balances" }).waitFor();
    const alice = toAddress(new URL(page.url()).pathname.split("/").at(-1)!);
    await page.getByLabel("Amount").fill("250");
    await confirm(page, "Issue 250 POINT", "which you owe from then on");
    await page.getByText("Issued 250 POINT").waitFor();
    await expectAccessible(page);

    await go(page, "Overview");
    await page.getByText("0 seen here").waitFor();
    const bob = await hosted(0n);
    await operator.transfer({ from: alice, to: bob, token, amount: (25n * WHOLE) / 2n });
    await page.getByText("1 seen here").waitFor();
    await page.locator(".latest li", { hasText: "12.50 POINT" }).waitFor();

    await go(page, "Payments");
    await page.getByLabel("Only of this account").fill(bob);
    await page.getByRole("row", { name: "12.50 POINT" }).getByRole("button", { name: "Receipt" }).click();
    await page.getByText("The signer is one of the system's on chain, as a node says").waitFor();
    await page.getByText("this payment is one of them").waitFor();
    await expectAccessible(page);
    await page.keyboard.press("Escape");

    await go(page, "Accounts");
    await page.getByRole("textbox", { name: "Find an account" }).fill("nobody-of-this-name");
    await button(page, "Find");
    await page.getByText("No account has this address, name or channel.").waitFor();
    await page.getByRole("textbox", { name: "Find an account" }).fill(alice);
    await button(page, "Find");
    await confirm(page, "Freeze", "freezing keeps nobody's money");
    await page.getByText("Frozen").waitFor();
    const payment = { from: alice, to: bob, token, amount: WHOLE };
    await expectError(() => operator.transfer(payment), "account_frozen", { account: alice });
    await confirm(page, "Unfreeze", "can pay again at once");
    await page.getByRole("button", { name: "Freeze", exact: true }).waitFor();
    const downloading = page.waitForEvent("download");
    await button(page, "Download");
    const statement = readFileSync(await (await downloading).path(), "utf8").split("\r\n");
    expect(statement.slice(1, -1).map((line) => line.split(",").at(-1))).to.deep.equal([
      ...["0", `${250n * WHOLE}`, `${(475n * WHOLE) / 2n}`, `${(475n * WHOLE) / 2n}`],
    ]);
    expect([errors, [...strangers]]).to.deep.equal([[], []]);
  });

  it("sees a customer cheat, the newer state shown, and the penalty", async function () {
    const { operator, token, rpc, url } = served;
    const { page, errors } = await openPage(browser, served, "/operator");
    await signIn(page, DEVELOPMENT.operatorKey);
    await go(page, "Disputes");
    await page.getByText("No channel is being closed").waitFor();
    await expectAccessible(page);

    const cheater = HDNodeWallet.fromPhrase(PHRASE, "", "m/44'/60'/0'/0/8").connect(new JsonRpcProvider(rpc));
    const shop = await hosted(0n);
    const store = await FileStore.open(path.join(temporaryFolder(this), "wallet.jsonl"));
    const account = localSigner(cheater.privateKey as Hex);
    const client = await connect({ url, rpc, account, store, apiKey: DEVELOPMENT.operatorKey });
    await client.open(token);
    await operator.issue({ account: account.address, token, amount: 100n * WHOLE });
    for await (const { available } of client.watch(token)) if (available > 0n) break;
    for (let paid = 0; paid < 3; paid++) await client.pay({ token, to: shop, amount: 30n * WHOLE });
    const { address: system, hub } = (await operator.systems())[0]!;
    const id = channelId({ system, user: account.address, token, epoch: 0n });
    const { channel, ...revoked } = await administrationApi(url, DEVELOPMENT.operatorKey).receipt(id, 1n);
    await client.stop();
    await store.close();
    const deadline = BigInt(Math.floor(Date.now() / 1_000)) + 3_000n;
    const terms = { completed: revoked, held: undefined, humble: false, fee: 0n, deadline };
    await (await cheater.sendTransaction(closeCall(hub, { channel, ...terms }))).wait();

    await page.getByText("Cheater penalised").waitFor();
    await expectAccessible(page);
    cheater.provider!.destroy();
    expect(errors).to.deep.equal([]);
  });

  it("sets what payments cost, pauses an asset, makes a key, and is offered no more than that key may do", async () => {
    const { operator, url } = served;
    const { page, errors } = await openPage(browser, served, "/operator");
    await signIn(page, DEVELOPMENT.operatorKey);
    await go(page, "Assets");
    await button(page, "Manage");
    const transfers = page.locator(".terms", { hasText: "Direct payment" });
    await transfers.getByLabel("Percent").fill("0.25");
    await confirm(page, "Set the fees", "from the next payment on");
    await page.getByText("Done.").waitFor();
    await expectAccessible(page);
    const none = { flat: 0n, min: 0n, max: null };
    expect((await operator.assets())[0]!.fees).to.deep.equal({ transfer: { ...none, basisPoints: 25n } });
    await confirm(page, "Pause crediting", "Nobody is promised anything new");
    await page.getByText("Paused by you").waitFor();
    await go(page, "Overview");
    await page.getByText("One thing needs you").waitFor();
    await page.getByText("Nobody is credited in an asset").waitFor();
    await go(page, "Assets");
    await button(page, "Manage");
    await confirm(page, "Resume crediting", "accepted again at once");
    await page.getByText("Goes on").waitFor();

    await go(page, "Reconciliation");
    await confirm(page, "Compare now", "Commits wait while it reads");
    await page.getByText("All records agree").waitFor();
    for (const name of ["Withdrawals", "Events", "Webhooks", "Status", "Settings"]) {
      await go(page, name);
      await page.getByRole("heading", { level: 1, name }).waitFor();
      await expectAccessible(page);
    }
    const setting = (name: string) => page.getByRole("row", { name: new RegExp(`^STARLEDGER_${name} `) });
    await setting("EXPLORER_URL").getByText("https://explorer.example/…").waitFor();
    await setting("OPERATOR_KEY").getByText("not set").waitFor();

    await go(page, "API keys");
    await page.getByLabel("Name").fill("till 1");
    await page.getByLabel("Accounts: read").check();
    await page.getByLabel("Money: read").check();
    await button(page, "Make a key");
    const key = (await page.getByText(/^slk_/).textContent())!;
    expect((await administrationApi(url, key).caller()).scopes).to.deep.equal(["accounts:read", "money:read"]);
    await expectAccessible(page);
    await button(page, "Sign out");
    await signIn(page, key);
    await page.getByRole("heading", { name: "Accounts" }).first().waitFor();
    const offered = await page.getByRole("navigation", { name: "Operator" }).getByRole("link").allTextContents();
    expect(offered).to.deep.equal(["Accounts", "Payments", "Assets", "Withdrawals"]);
    expect(await page.getByRole("button", { name: "Open an account" }).count()).to.equal(0);
    await page.reload();
    await page.getByRole("navigation", { name: "Operator" }).waitFor();
    await administrationApi(url, DEVELOPMENT.operatorKey).revokeApiKey(/^slk_([0-9a-f]{32})/.exec(key)![1]!);
    await page.reload();
    await page.getByLabel("API key").waitFor();
    expect(errors).to.deep.equal([]);
  });

  it("gives an account a name and terms of its own, and publishes what is owed", async function () {
    const { operator, token, url } = served;
    const { page, errors, strangers } = await openPage(browser, served, "/operator");
    const admin = administrationApi(url, DEVELOPMENT.operatorKey);
    const account = await hosted(40n);
    await signIn(page, DEVELOPMENT.operatorKey);
    await page.getByText("All is well").or(page.getByText("needs you")).first().waitFor();
    await go(page, "Accounts");
    await page.getByRole("textbox", { name: "Find an account" }).fill(account);
    await button(page, "Find");
    await page.getByLabel("New name").fill("corner.shop");
    await confirm(page, "Give the name", "Whoever pays “corner.shop” pays this account");
    await page.locator("dd", { hasText: "corner.shop@" }).waitFor();
    expect((await admin.byAlias("corner.shop")).account).to.equal(account);
    await confirm(page, "Waive the fees", "pays no fees in this asset");
    await page.getByText("waived: it pays none").waitFor();
    const terms = page.locator(".panel", { hasText: "terms of this account" });
    await terms.getByLabel("One payment").fill("12.5");
    await confirm(page, "Set the limits", "in place of the asset's");
    await terms.getByText("its own").waitFor();
    const none = { perPayment: null, perDay: null, balance: null };
    const own = { ...none, perPayment: (25n * WHOLE) / 2n };
    const set = { token, decimals: 18, feesWaived: true, limits: own, own };
    expect((await admin.accountTerms(account)).terms).to.deep.equal([set]);
    await expectAccessible(page);
    await confirm(page, "Take the asset's limits", "no limits of its own any more");
    await terms.getByText("those of the asset").waitFor();
    await confirm(page, "Take the name away", "For 90 days nobody else gets the name");
    await page.getByText("corner.shop@").waitFor({ state: "hidden" });
    await expectError(() => admin.aliasOf(account), "unknown_alias", { account });

    await go(page, "Proof of liabilities");
    await confirm(page, "Publish now", "It stays there for good");
    const row = page.getByRole("row").nth(1);
    await row.getByText("Final").waitFor();
    const [latest] = (await operator.publications({ token })).data;
    expect(latest!.statement.total >= 40n * WHOLE).to.equal(true);
    const link = row.getByRole("link", { name: "In the block explorer" }).first();
    expect(await link.getAttribute("href")).to.equal(`https://explorer.example/tx/${latest!.transactions.anchored}`);
    await expectAccessible(page);
    await page.getByRole("link", { name: "Service" }).click();
    const shown = page.locator(".panel", { hasText: "All of them, and how to check" });
    const onExplorer = shown.getByRole("link", { name: "In the block explorer" });
    expect(await onExplorer.getAttribute("href")).to.contain(latest!.transactions.anchored);
    await expectAccessible(page);
    expect([errors, [...strangers]]).to.deep.equal([[], []]);
  });

  it("has a webhook told what happens, shows that it was, and sends it again", async function () {
    const receiver = await startReceiver(this);
    const { page, errors } = await openPage(browser, served, "/operator");
    await signIn(page, DEVELOPMENT.operatorKey);
    await go(page, "Webhooks");
    await page.getByLabel("Address").fill(receiver.url);
    await page.getByLabel("Only of this kind").selectOption("account.opened");
    await button(page, "Make a webhook");
    await page.getByText(/^whsec_/).waitFor();
    await hosted(0n);
    await receiver.count(1);
    await page.getByRole("row", { name: receiver.url }).getByRole("button", { name: "Details" }).click();
    const deliveries = page.getByRole("dialog").getByRole("row", { name: "Taken" });
    await deliveries.first().waitFor();
    await expectAccessible(page);
    await deliveries.first().getByRole("button", { name: "Send again" }).click();
    await deliveries.nth(1).waitFor();
    const [first, again] = receiver.received.map(({ headers, body }) => [headers["webhook-id"], body]);
    expect(again).to.deep.equal(first);
    expect(errors).to.deep.equal([]);
  });

  it("fits on a phone, in the dark and in Chinese", async () => {
    const phone = { viewport: { width: 360, height: 740 }, colorScheme: "dark" } as const;
    const { page, errors, strangers } = await openPage(browser, served, "/operator", phone);
    await page.getByLabel("Language").selectOption("zh");
    await page.getByLabel("API 密钥").fill(DEVELOPMENT.operatorKey);
    await page.getByRole("button", { name: "登录" }).click();
    await page.getByRole("heading", { name: "概览" }).waitFor();
    await expectAccessible(page);
    for (const name of ["付款", "API 密钥", "设置", "负债证明", "争议", "提现"]) {
      await page.getByRole("navigation", { name: "运营" }).getByRole("link", { name, exact: true }).click();
      await page.getByRole("heading", { level: 1, name }).waitFor();
      await expectAccessible(page);
    }
    expect([errors, [...strangers]]).to.deep.equal([[], []]);
  });

  it("closes a channel on the chain whose owner is gone, and shows the close", async () => {
    const account = await hosted(3n);
    const { page, errors } = await openPage(browser, served, "/operator");
    await signIn(page, DEVELOPMENT.operatorKey);
    await go(page, "Accounts");
    await page.getByRole("textbox", { name: "Find an account" }).fill(account);
    await button(page, "Find");
    await confirm(page, "Close on the chain", "closed on the chain without its owner");
    await go(page, "Disputes");
    const close = page.locator(".panel", { hasText: "Closed by" }).filter({ hasText: account.slice(0, 8) });
    await close.getByText("the system", { exact: true }).waitFor();
    await expectAccessible(page);
    expect(errors).to.deep.equal([]);
  });

  it("counts a close's time by the chain's clock, which may be ahead", async function () {
    const { operator, token, rpc, url } = served;
    const { page, errors } = await openPage(browser, served, "/operator");
    await signIn(page, DEVELOPMENT.operatorKey);
    await go(page, "Disputes");
    const leaver = HDNodeWallet.fromPhrase(PHRASE, "", "m/44'/60'/0'/0/9");
    const store = await FileStore.open(path.join(temporaryFolder(this), "wallet.jsonl"));
    const account = localSigner(leaver.privateKey as Hex);
    const client = await connect({ url, rpc, account, store, apiKey: DEVELOPMENT.operatorKey });
    await client.open(token);
    await operator.issue({ account: account.address, token, amount: 10n * WHOLE });
    for await (const { available } of client.watch(token)) if (available > 0n) break;
    for await (const event of client.exit(token)) if (event.type === "sent") break;
    await client.stop();
    await store.close();
    const clock = page.locator(".panel", { hasText: "Closed by" }).locator("header .tag");
    await clock.filter({ hasText: /^\d+ days.* left$/ }).waitFor();

    const { challengePeriod: period } = (await operator.assets()).find((one) => one.token === token)!.settings;
    const chain = new JsonRpcProvider(rpc);
    // A humble close is contested for twice the period.
    await chain.send("evm_increaseTime", [2 * Number(period) - 500]);
    await chain.send("evm_mine", []);
    await clock.filter({ hasText: /^[78] min.* left$/ }).waitFor();
    await go(page, "Overview");
    await page.getByText(/^[78] min.* left$/).waitFor();
    chain.destroy();
    expect(errors).to.deep.equal([]);
  });
});
