import type { Browser } from "playwright-core";

import { launchBrowser } from "../../scripts/console/browser";
import { afterTest } from "./afterTest";

/**
 * A browser that ends with the test.
 * @param flags of its command line
 */
export async function startBrowser(context: Mocha.Context, flags: readonly string[] = []): Promise<Browser> {
  const browser = await launchBrowser(flags);
  afterTest(context, () => browser.close());
  return browser;
}
