import packed from "@sparticuz/chromium";
import { chromium, type Browser } from "playwright-core";

import { afterTest } from "./afterTest";

/** Chromium as its package brings it for Linux; elsewhere the Chrome that is installed. It ends with the test. */
export async function startBrowser(context: Mocha.Context): Promise<Browser> {
  const isPacked = process.platform === "linux" && process.arch === "x64";
  const where = isPacked
    ? { executablePath: await packed.executablePath(), args: ["--no-sandbox"] }
    : { channel: "chrome" as const };
  const browser = await chromium.launch({ ...where, headless: true });
  afterTest(context, () => browser.close());
  return browser;
}
