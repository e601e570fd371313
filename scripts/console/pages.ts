import type { Browser, BrowserContextOptions, Page } from "playwright-core";

/** Opens the wallet of a key in a tab of its own; resolves once what it has is shown. */
export async function walletPage(
  browser: Browser,
  url: string,
  privateKey: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const page = await (await browser.newContext({ locale: "en-GB", ...options })).newPage();
  await page.goto(`${url}/wallet`);
  await page.getByRole("button", { name: "Use a key you have" }).click();
  await page.getByLabel("Recovery phrase or private key").fill(privateKey);
  await page.getByRole("main").locator("button[type=submit]").click();
  for (const label of ["Password", "Password once more"]) {
    await page.getByLabel(label, { exact: true }).fill("only for its pictures");
  }
  await page.getByRole("main").locator("button[type=submit]").click();
  await page.getByRole("heading", { name: "Latest activity" }).waitFor();
  return page;
}

/** Signs in as the operator in a tab of its own; resolves once the overview is shown. */
export async function operatorPage(
  browser: Browser,
  url: string,
  key: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ locale: "en-GB", ...options });
  const page = await context.newPage();
  await page.goto(`${url}/operator`);
  await page.getByLabel("API key").fill(key);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  return page;
}
