import { expect } from "chai";

import { keccakText } from "../../../src/protocol";
import { startBrowser } from "../../helpers/browser";
import { listen } from "../../helpers/http";
import { freshService, openHosted, POINTS, SYSTEM } from "../../helpers/service";

describe("HTTP: the page of what is owed", () => {
  it("shows everybody assets, totals, backing and publications, in a real browser, and runs and loads nothing", async function () {
    const { service, store } = await freshService(this, 1_000n * 10n ** 18n);
    await openHosted(service, "alice", 5n * 10n ** 17n);
    const [root, head, anchored] = [keccakText("root"), keccakText("head"), keccakText("transaction")];
    const sums = { total: 5n * 10n ** 17n, reserve: 0n, bond: 25n * 10n ** 17n, issueLimit: 10n ** 21n };
    const statement = { system: SYSTEM, token: POINTS, period: 0n, root, ...sums, block: 7n, commit: 3n, head };
    const made = { statement, time: 86_400_000, channels: 1, secret: root, status: "sent" } as const;
    const sent = { ...made, anchored: null, recorded: null };
    await store.publications.add(sent, service.status.term);
    await store.publications.settle({ ...sent, status: "final", anchored, recorded: anchored });
    const { url, put } = await listen(this, service);
    await put(`/v1/assets/${POINTS}/crediting`, { body: { paused: true } });

    const page = await (await startBrowser(this)).newPage();
    const [asked, wrong]: [string[], string[]] = [[], []];
    page.on("request", (request) => asked.push(request.url()));
    page.on("console", (message) => wrong.push(message.text()));
    await page.goto(`${url}/proofs`);
    const row = await page.locator("tbody tr").first().locator("td").allInnerTexts();
    expect(row).to.deep.equal(["0", "1970-01-02 00:00", "0.5", "0.0", "1000.0", "2.5", "7", anchored]);
    const text = await page.locator("body").innerText();
    for (const part of [
      POINTS,
      SYSTEM,
      "Backing: issued. Owed now: 0.5; covered by at most 1000.0.",
      "paused (operator)",
    ]) {
      expect(text).to.include(part);
    }
    expect(text).to.include("Nothing was published yet.");
    expect(
      await page
        .locator("td.n")
        .first()
        .evaluate((cell) => getComputedStyle(cell).textAlign),
    ).to.equal("right");
    expect(asked.filter((one) => !one.endsWith("/favicon.ico"))).to.deep.equal([`${url}/proofs`]);
    expect(wrong.filter((one) => !one.includes("404"))).to.deep.equal([]);
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'run'";
      document.body.append(script);
    });
    expect(await page.title()).to.equal("Proof of liabilities");
    expect(wrong.join()).to.include("Content Security Policy");
  });
});
