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

/** What JSON may have in any place; numbers of the project are texts that end in n. */
const VALUES: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 1e300, 2 ** 53, "", "0n", "-1n", "1n", `${"9".repeat(400)}n`, `${2n ** 128n}n`],
  ...["0x", `0x${"00".repeat(20)}`, `0x${"ff".repeat(32)}`, `0x${"00".repeat(65)}`, [], {}, [[]], { n: null }],
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
    const other = random.of(others);
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
  function graft(bytes, random) {
    // A part of JSON that is another part of it, another value, missing or there twice: the text stays well formed.
    const lines = bytes.toString().split("\n");
    const at = random.between(0, lines.length - 1);
    lines[at] = grafted(lines[at]!, random);
    return Buffer.from(lines.join("\n"));
  },
];

function grafted(text: string, random: Random): string {
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch {
    return text;
  }
  const places = placesIn(whole);
  if (places.length === 0) return text;
  const [into, from] = [random.of(places), random.of(places)];
  if (random.chance(0.2)) Reflect.deleteProperty(into.of, into.name);
  else into.of[into.name] = random.chance(0.5) ? from.of[from.name] : random.of(VALUES);
  return written(whole);
}

/** JSON; what was put into itself ends there. */
function written(value: unknown): string {
  const above = new Set<unknown>();
  const copy = (one: unknown): unknown => {
    if (typeof one !== "object" || one === null) return one;
    if (above.has(one)) return null;
    above.add(one);
    const made = Array.isArray(one)
      ? one.map(copy)
      : Object.fromEntries(Object.entries(one).map(([name, part]) => [name, copy(part)]));
    above.delete(one);
    return made;
  };
  return JSON.stringify(copy(value));
}

type Container = Record<string, unknown>;

/** Where values are in JSON, at any depth. */
function placesIn(whole: unknown): { readonly of: Container; readonly name: string }[] {
  if (typeof whole !== "object" || whole === null) return [];
  const of = whole as Container;
  return Object.keys(of).flatMap((name) => [{ of, name }, ...placesIn(of[name])]);
}

function hostile(random: Random): Buffer {
  const text = random.of(HOSTILE);
  return Buffer.from(random.chance(0.3) ? JSON.stringify(text) : text);
}

/** A real message with one to four mistakes in it. */
export function mutate(sample: Buffer, random: Random, others: readonly Buffer[]): Buffer {
  let changed = sample;
  for (let left = random.between(1, 4); left > 0; left--) {
    changed = random.of(CHANGES)(changed, random, others);
  }
  return changed;
}
