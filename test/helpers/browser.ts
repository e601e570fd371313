import type { Browser } from "playwright-core";

import { launchBrowser } from "../../scripts/console/browser";
import { afterTest } from "./afterTest";

/** A browser that ends with the test. */
export async function startBrowser(context: Mocha.Context): Promise<Browser> {
  const browser = await launchBrowser();
  afterTest(context, () => browser.close());
  return browser;
}
