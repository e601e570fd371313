import { expect } from "chai";
import { HDNodeWallet } from "ethers";

import { onLocalChain } from "../../scripts/torture/localService";
import { OPERATOR_KEY } from "../../scripts/torture/mortalService";
import { toAddress } from "../../src/protocol";
import { ChainNode, httpProvider, Hub, operatorApi } from "../../src/sdk";
import { afterTest } from "../helpers/afterTest";
import { startBrowser } from "../helpers/browser";
import { expectAccessible, openPage } from "../helpers/console";
import { temporaryFolder } from "../helpers/temporaryFolder";
import { balanceIs, button, importKey, PASSWORD, section } from "../helpers/walletPage";

const WHOLE = 10n ** 18n;
/** An account of the local chain, with coin for its fees. */
const RICH = HDNodeWallet.fromPhrase(
  "test test test test test test test test test test test junk",
  "",
  "m/44'/60'/0'/0/7",
);

describe("the console's wallet when its service is gone, in a browser", () => {
  it("opens from what the browser kept, says so, and leaves alone: the money arrives on the chain", async function () {
    const folder = temporaryFolder(this);
    const { chain, configured, token } = await onLocalChain(folder, `sqlite:${folder}/service.db`);
    afterTest(this, () => chain.stop());
    const browser = await startBrowser(this);
    const service = configured({
      STARLEDGER_PUBLIC_NODES: chain.url,
      STARLEDGER_FINALITY: "0",
      STARLEDGER_CHAIN_SECONDS: "0.2",
    });
    afterTest(this, () => service.end("SIGKILL"));
    await service.start();
    const operator = operatorApi(service.url, OPERATOR_KEY);
    const address = toAddress(RICH.address);
    await operator.openAccount({ custody: "self", address, tokens: [token] });
    await operator.issue({ account: address, token, amount: 50n * WHOLE });
    const shop = await operator.openAccount({ custody: "hosted", tokens: [token] });

    const { page, errors } = await openPage(browser, { url: service.url, rpc: chain.url }, "/wallet");
    await importKey(page, RICH.privateKey);
    await balanceIs(page, "50");
    await section(page, "Pay");
    await page.getByLabel("Invoice, address or name").fill(shop.address);
    await button(page, "Go on");
    await page.getByLabel("Amount").fill("8");
    await button(page, "Pay");
    await page.getByText("Your state and the system's signature").waitFor();
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    expect(errors).to.deep.equal([]);

    await service.end("SIGKILL");
    await page.goto(`${service.url}/wallet`);
    await page.getByLabel("Password").fill(PASSWORD);
    await button(page, "Unlock");
    await page.getByText("The service does not answer").waitFor();
    await balanceIs(page, "42");
    await expectAccessible(page);
    await page.getByRole("link", { name: "How to leave" }).click();
    await button(page, "Show the next step");
    await page.getByText("Close humbly: 42 POINT due").waitFor();
    await button(page, "Do this step");
    await page.getByText(/^Wait until/).waitFor();
    await expectAccessible(page);

    const { settings } = await new Hub(chain.domain.hub, new ChainNode(httpProvider(chain.url))).asset(
      chain.systems[0]!.address,
      token,
    );
    // A humble close is contested for twice the period; then claims may be shown.
    const seconds = 2n * settings.challengePeriod + settings.claimWindow + settings.lockLimit;
    await chain.runner.send("evm_increaseTime", [Number(seconds)]);
    await chain.runner.send("evm_mine", []);
    await page.getByText("Settle: 42 POINT to you").waitFor();
    await button(page, "Do this step");
    await page.getByText("Nothing is left to do").waitFor();
    const hub = new Hub(chain.domain.hub, new ChainNode(httpProvider(chain.url)));
    expect(await hub.held(token, address)).to.equal(42n * WHOLE);
  });
});
