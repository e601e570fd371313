import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

import { bundle } from "./browser/bundle";

// Bundles the SDK for browsers, as one ECMAScript module, and says how large it is.

const OUTPUT = "dist/browser/sdk.js";

async function main(): Promise<void> {
  const text = await bundle({ entryPoints: ["src/sdk/browser.ts"] });
  mkdirSync(path.dirname(OUTPUT), { recursive: true });
  writeFileSync(OUTPUT, text);
  const kilobytes = (bytes: number): string => `${Math.ceil(bytes / 1000)} kB`;
  console.log(`${OUTPUT}: ${kilobytes(text.length)}, ${kilobytes(gzipSync(text).length)} compressed`);
}

void main();
