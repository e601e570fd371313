import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setImmediate as pause } from "node:timers/promises";

import { addressOf, keccakText, toHash, toHex, type ChannelId } from "../src/protocol";
import { chunksOf } from "../src/service/liabilities/chunks";
import { keepTree } from "../src/service/liabilities/keepTree";
import { proveLiability } from "../src/service/liabilities/proofs";
import { buildTree } from "../src/service/liabilities/tree";
import { openStore } from "../src/store";

// What a publication costs: building and keeping its tree, how long anything else waits meanwhile, and a proof.

/** Lets others work, and remembers the most processor time that was taken between two such pauses: what others wait for at most. */
class Slices {
  longest = 0;
  private before = process.cpuUsage();

  readonly pause = async (): Promise<void> => {
    const { user, system } = process.cpuUsage(this.before);
    this.longest = Math.max(this.longest, (user + system) / 1_000);
    await pause();
    this.before = process.cpuUsage();
  };
}

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
  const slices = new Slices();
  const cpu = process.cpuUsage();
  const began = performance.now();
  const tree = await buildTree(liabilities, secret, slices.pause);
  const built = performance.now();
  const buildSlice = slices.longest;
  await keepTree(store, system, secret, tree, slices.pause);
  const kept = performance.now();
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
      longestSliceMs: { build: Number(buildSlice.toFixed(1)), all: Number(slices.longest.toFixed(1)) },
      bytes,
      proofMs: Number(proof.toFixed(2)),
    }),
  );
}

void main();
