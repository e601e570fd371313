import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { bundle } from "./browser/bundle";
import { everLoaded, firstLoad, type Manifest } from "./console/firstLoad";

// Compresses the built console, so that nothing is compressed while it is served, builds what keeps the wallet in the browser,
// and holds what a first visit loads against its budget.

const FOLDER = "dist/console";
const COMPRESSED = /\.(js|css|svg)$/;

/** What is loaded before a page can be used, in kB compressed: the page for anyone, and the wallet until it is unlocked. */
const BUDGETS = {
  "the service's page": { of: "src/public/ServicePage.tsx", limit: 200 },
  "the wallet": { of: "src/wallet/WalletApp.tsx", limit: 250 },
};

const assets = path.join(FOLDER, "assets");
for (const name of readdirSync(assets).filter((one) => COMPRESSED.test(one))) {
  const content = readFileSync(path.join(assets, name));
  writeFileSync(path.join(assets, `${name}.br`), brotliCompressSync(content));
  writeFileSync(path.join(assets, `${name}.gz`), gzipSync(content));
}

const manifest = JSON.parse(readFileSync(path.join(FOLDER, ".vite/manifest.json"), "utf8")) as Manifest;

async function addWorker(): Promise<void> {
  const files = everLoaded(manifest, BUDGETS["the wallet"].of).map((file) => `/${file}`);
  const define = { FILES: JSON.stringify(files) };
  const script = await bundle({ entryPoints: ["console/src/worker/worker.ts"], format: "iife", define });
  writeFileSync(path.join(FOLDER, "worker.js"), script);
}

const sizeOf = (file: string): number => gzipSync(readFileSync(path.join(FOLDER, file))).length;
for (const [name, { of, limit }] of Object.entries(BUDGETS)) {
  const size = firstLoad(manifest, of).reduce((sum, file) => sum + sizeOf(file), 0);
  console.log(`${FOLDER}: ${name} loads ${Math.ceil(size / 1000)} kB compressed, of ${limit} kB at most`);
  if (size > 1000 * limit) process.exitCode = 1;
}

void addWorker();
