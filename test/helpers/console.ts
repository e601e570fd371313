import path from "node:path";

import { source as axe, type AxeResults } from "axe-core";
import { expect } from "chai";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

import type { Address } from "../../src/protocol";
import { operatorApi, type OperatorApi } from "../../src/sdk";
import { DEVELOPMENT, readConfig, shownSettings } from "../../src/service/config";
import { start } from "../../src/service/start";

/** A service with the console, on a chain of its own. */
export interface ServedConsole {
  readonly url: string;
  /** The chain's node. */
  readonly rpc: string;
  readonly token: Address;
  readonly operator: OperatorApi;
  stop(): Promise<void>;
}

/**
 * The console as `npm run build:console` built it last, with nothing in its ledger; withdrawals are sent at once.
 * @param settings besides those that make it quick
 */
export async function serveConsole(settings: Readonly<Record<string, string>> = {}): Promise<ServedConsole> {
  const environment = {
    ...settings,
    STARLEDGER_STORE: "sqlite::memory:",
    STARLEDGER_PORT: "0",
    STARLEDGER_LOG_LEVEL: "silent",
    STARLEDGER_CHAIN_SECONDS: "0.2",
    STARLEDGER_SETTLE_SECONDS: "0",
    STARLEDGER_MAX_DELAY_MS: "0",
  };
  const { url, chain, stop } = await start(readConfig(environment), shownSettings(environment));
  const token = chain.systems[0]!.tokens[0]!;
  return { url, rpc: chain.url, token, operator: operatorApi(url, DEVELOPMENT.operatorKey), stop };
}

/** A page in a browser profile of its own, and what it should not have done. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors in the browser's console; what the service refused is none. */
  readonly errors: readonly string[];
  /** Origins other than the service's and its chain's that were asked. */
  readonly strangers: ReadonlySet<string>;
}

export async function openPage(
  browser: Browser,
  { url, rpc }: Pick<ServedConsole, "url" | "rpc">,
  at: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ locale: "en-GB", acceptDownloads: true, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(200_000);
  const errors: string[] = [];
  const strangers = new Set<string>();
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    const isRefusal = message.text().startsWith("Failed to load resource: the server responded with a status of 4");
    if (message.type() === "error" && !isRefusal) errors.push(message.text());
  });
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== url && origin !== new URL(rpc).origin) strangers.add(origin);
  });
  await page.goto(url + at);
  return { page, errors, strangers };
}

/** Holds what is shown against WCAG 2.2 AA, and the page's width against the screen's. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: (node: Document, options: object) => Promise<AxeResults> } };
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const { violations } = await axe.run(document, { runOnly: tags });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
  expect(found, page.url()).to.deep.equal([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, `${path.basename(page.url())} is wider than the screen`).to.be.at.most(0);
}
