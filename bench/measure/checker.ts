import { parentPort } from "node:worker_threads";

import { addressOf, keccakText, recover, sign, type Hex } from "../../src/protocol";

// Checks signatures for as long as it is told, and tells how many a second.

const SIGNATURES = 256;

parentPort!.once("message", (milliseconds: number) => {
  const key = keccakText("checker") as Hex;
  const signed = Array.from({ length: SIGNATURES }, (_, i) => {
    const digest = keccakText(`message ${i}`);
    return { digest, signature: sign(digest, key) };
  });
  const signer = addressOf(key);
  const began = performance.now();
  let checked = 0;
  while (performance.now() < began + milliseconds) {
    for (const { digest, signature } of signed) if (recover(digest, signature) !== signer) throw new Error("forged");
    checked += signed.length;
  }
  parentPort!.postMessage((checked * 1000) / (performance.now() - began));
});
parentPort!.postMessage("ready");
