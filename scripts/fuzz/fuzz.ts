import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { Random } from "../torture/random";
import { take, type Decoder, type Taken } from "./decoder";
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
      for (const sample of [...one.samples, ...(one.sealed?.contents.map(one.sealed.seal) ?? [])])
        if ((await take(one, sample)) !== "valid") throw new Error(`${one.name}: a real message is refused`);
    }
    while (!isOver()) {
      for (const one of all) {
        tally[one.name]![await take(one, nearlyReal(one, random, samples))] += 1;
      }
    }
    return tally;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A message with mistakes in it; half of those that are sealed have them inside. */
function nearlyReal({ samples, sealed }: Decoder, random: Random, all: readonly Buffer[]): Buffer {
  if (sealed === undefined || random.chance(0.5)) return mutate(random.of(samples), random, all);
  return sealed.seal(mutate(random.of(sealed.contents), random, all));
}
