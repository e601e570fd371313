import type { Browser, BrowserContextOptions, Page } from "playwright-core";

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
