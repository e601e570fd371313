import type { Page } from "playwright-core";

export const PASSWORD = "correct horse battery";

export const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

/** Goes to another page of the wallet. */
export const section = (page: Page, name: string) => page.getByRole("navigation").getByRole("link", { name }).click();

export const balanceIs = (page: Page, balance: string) =>
  page.waitForFunction((text) => document.querySelector("[data-testid=balance-POINT]")?.textContent === text, balance);

export async function choosePassword(page: Page): Promise<void> {
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByLabel("Password once more").fill(PASSWORD);
  await button(page, "Keep the key and open the wallet");
}

/** Brings a private key along. */
export async function importKey(page: Page, privateKey: string): Promise<void> {
  await button(page, "Use a key you have");
  await page.getByLabel("Recovery phrase or private key").fill(privateKey);
  await page.getByRole("main").locator("button[type=submit]").click();
  await choosePassword(page);
}
