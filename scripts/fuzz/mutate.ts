import type { Random } from "../torture/random";

/** What decoders stumble over. */
const HOSTILE = [
  ...["", "null", "[]", "{}", "true", "-1", "0", "1e400", "18446744073709551616", "9".repeat(400), "0x", "NaN"],
  ...[
    "__proto__",
    '{"__proto__":{"polluted":true}}',
    '"constructor"',
    "toString",
    "[".repeat(5_000),
    '{"a":'.repeat(5_000),
  ],
  ...["\u0000", "\ufffd", "\u202e", "ﬀ", "é", "\ud83d\ude00", "%00", "\r\n", "'", '"', "\\"],
];

type Change = (bytes: Buffer, random: Random, others: readonly Buffer[]) => Buffer;

/** A place in it, its end included. */
function placeIn(bytes: Buffer, random: Random): number {
  return random.between(0, bytes.length);
}

function replaced(bytes: Buffer, from: number, to: number, by: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, from), by, bytes.subarray(Math.max(from, to))]);
}

const CHANGES: readonly Change[] = [
  function flip(bytes, random) {
    const flipped = Buffer.from(bytes);
    const at = placeIn(bytes, random);
    if (at < bytes.length) flipped[at]! ^= 1 << random.between(0, 7);
    return flipped;
  },
  function cut(bytes, random) {
    return bytes.subarray(0, placeIn(bytes, random));
  },
  function remove(bytes, random) {
    const from = placeIn(bytes, random);
    return replaced(bytes, from, from + random.between(1, 16), Buffer.alloc(0));
  },
  function repeat(bytes, random) {
    const from = placeIn(bytes, random);
    return replaced(bytes, from, from, bytes.subarray(from, from + random.between(1, 64)));
  },
  function splice(bytes, random, others) {
    const other = others[random.between(0, others.length - 1)]!;
    return Buffer.concat([bytes.subarray(0, placeIn(bytes, random)), other.subarray(placeIn(other, random))]);
  },
  function insert(bytes, random) {
    const at = placeIn(bytes, random);
    return replaced(bytes, at, at, hostile(random));
  },
  function substitute(bytes, random) {
    // Whole words, so that what is around them stays well formed.
    const words = [...bytes.toString("latin1").matchAll(/"(?:[^"\\]|\\.)*"|-?\d+|\b\w+\b/g)];
    const word = words[random.between(0, words.length - 1)];
    return word === undefined ? bytes : replaced(bytes, word.index, word.index + word[0].length, hostile(random));
  },
];

function hostile(random: Random): Buffer {
  const text = HOSTILE[random.between(0, HOSTILE.length - 1)]!;
  return Buffer.from(random.chance(0.3) ? JSON.stringify(text) : text);
}

/** A real message with one to four mistakes in it. */
export function mutate(sample: Buffer, random: Random, others: readonly Buffer[]): Buffer {
  let changed = sample;
  for (let left = random.between(1, 4); left > 0; left--) {
    changed = CHANGES[random.between(0, CHANGES.length - 1)]!(changed, random, others);
  }
  return changed;
}
