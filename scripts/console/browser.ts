import packed from "@sparticuz/chromium";
import { chromium, type Browser } from "playwright-core";

/**
 * Chromium as its package brings it for Linux; elsewhere the Chrome that is installed.
 * @param flags of its command line
 */
export async function launchBrowser(flags: readonly string[] = []): Promise<Browser> {
  const isPacked = process.platform === "linux" && process.arch === "x64";
  const where = isPacked
    ? { executablePath: await packed.executablePath(), args: ["--no-sandbox", ...flags] }
    : { channel: "chrome" as const, args: [...flags] };
  return await chromium.launch({ ...where, headless: true });
}
