import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import path from "node:path";
import { setImmediate as pause } from "node:timers/promises";

import { addressOf, keccakText, toHash, toHex, type ChannelId } from "../src/protocol";
import { chunksOf } from "../src/service/liabilities/chunks";
import { keepTree } from "../src/service/liabilities/keepTree";
import { proveLiability } from "../src/service/liabilities/proofs";
import { buildTree } from "../src/service/liabilities/tree";
import { openStore } from "../src/store";

// What a publication costs: building and keeping its tree, how long anything else waits meanwhile, and a proof.

const COUNT = Number(process.argv[2] ?? 100_000);
const PROOFS = 50;

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "starledger-bench-"));
  const store = await openStore(`sqlite:${path.join(folder, "bench.db")}`);
  const system = addressOf(keccakText("system"));
  const liabilities = Array.from({ length: COUNT }, (_, i) => ({
    channelId: keccakText(`channel ${i}`) as string as ChannelId,
    ...{ balance: BigInt(i) * 10n ** 18n, version: 1n, seq: 1n },
  }));
  const secret = toHash(toHex(randomBytes(32)));
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const cpu = process.cpuUsage();
  const began = performance.now();
  delay.enable();
  const tree = await buildTree(liabilities, secret, pause);
  const built = performance.now();
  await keepTree(store, system, secret, tree, pause);
  const kept = performance.now();
  delay.disable();
  const { user } = process.cpuUsage(cpu);
  const [{ hash: root, sum: total }, zero] = [tree.root, { reserve: 0n, bond: 0n, issueLimit: 0n, block: 0n }];
  const statement = { system, token: system, period: 0n, root, total, ...zero, commit: 0n, head: root };
  const unsent = { status: "sent", anchored: null, recorded: null } as const;
  const publication = { statement, time: 0, channels: COUNT, secret, ...unsent };
  const asked = performance.now();
  for (const { channelId } of liabilities.slice(0, PROOFS)) await proveLiability(store, publication, channelId);
  const proof = (performance.now() - asked) / PROOFS;
  await store.close();
  const bytes = [...chunksOf(tree)].reduce((sum, { content }) => sum + content.length, 0);
  rmSync(folder, { recursive: true });
  console.log(
    JSON.stringify({
      channels: COUNT,
      buildMs: Math.round(built - began),
      keepMs: Math.round(kept - built),
      cpuMs: Math.round(user / 1_000),
      pauseMs: { p99: delay.percentile(99) / 1e6, longest: delay.max / 1e6 },
      bytes,
      proofMs: Number(proof.toFixed(2)),
    }),
  );
}

void main();
