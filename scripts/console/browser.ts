import packed from "@sparticuz/chromium";
import { chromium, type Browser } from "playwright-core";

/** Chromium as its package brings it for Linux; elsewhere the Chrome that is installed. */
export async function launchBrowser(): Promise<Browser> {
  const isPacked = process.platform === "linux" && process.arch === "x64";
  const where = isPacked
    ? { executablePath: await packed.executablePath(), args: ["--no-sandbox"] }
    : { channel: "chrome" as const };
  return await chromium.launch({ ...where, headless: true });
}
