import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { Random } from "../torture/random";
import { take, type Taken } from "./decoder";
import { decoders } from "./decoders";
import { mutate } from "./mutate";

/** By decoder, how many messages were read and how many refused. */
export type Tally = Record<string, Record<Taken, number>>;

/**
 * Gives every decoder messages that are nearly real, in turn, until the time is over.
 * @param isOver asked before each round
 * @throws Error that names decoder and message if one does neither read nor refuse it
 */
export async function fuzz(seed: string, isOver: () => boolean): Promise<Tally> {
  const folder = mkdtempSync(path.join(tmpdir(), "starledger-fuzz-"));
  const random = new Random(seed);
  const tally: Tally = {};
  try {
    const all = decoders(folder);
    const samples = all.flatMap((one) => one.samples);
    for (const one of all) {
      tally[one.name] = { valid: 0, refused: 0 };
      for (const sample of one.samples)
        if ((await take(one, sample)) !== "valid") throw new Error(`${one.name}: a real message is refused`);
    }
    while (!isOver()) {
      for (const one of all) {
        const sample = one.samples[random.between(0, one.samples.length - 1)]!;
        tally[one.name]![await take(one, mutate(sample, random, samples))] += 1;
      }
    }
    return tally;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
