import { concat, toBeHex } from "ethers";

import type { Ref } from "./fixture";
import { TYPES, type Kind } from "./messages";

/** A field of a struct in calldata: its word, and how many bits of it the field can hold. */
export interface Field {
  name: string;
  bits: number;
  word: string;
}

const toWord = (value: bigint): string => toBeHex(BigInt.asUintN(256, value), 32);

/** The fields of a struct as calldata has them, one word each. */
export function fieldsOf(types: readonly (readonly [name: string, type: string])[], values: object): Field[] {
  return types.map(([name, type]) => {
    const value = (values as Record<string, bigint | string | boolean>)[name]!;
    const bits =
      type === "address" ? 160 : type === "bool" ? 1 : Number(/\d+$/.exec(type)![0]) * (type === "bytes32" ? 8 : 1);
    return { name, bits, word: toWord(BigInt(value)) };
  });
}

/** The fields of a message but for its channel, which the hub hashes in by itself. */
export function messageFields(kind: Kind, message: object): Field[] {
  const types = TYPES[kind].filter(({ name }) => name !== "channelId");
  return fieldsOf(
    types.map(({ name, type }) => [name, type] as const),
    message,
  );
}

/** The three words that name a channel. */
export const refFields = (ref: Ref) =>
  fieldsOf(
    (["system", "user", "token"] as const).map((name) => [name, "address"] as const),
    ref,
  );

/** The words of a struct. */
export const encode = (fields: readonly Field[]): string => concat(fields.map(({ word }) => word));

/** The struct with one word that its field cannot hold: by its lowest bit too many, and by its highest. */
export function dirtied(fields: readonly Field[]): { name: string; words: string }[] {
  return fields
    .filter(({ bits }) => bits < 256)
    .flatMap(({ name, bits }) =>
      [bits, 255].map((bit) => ({
        name: `${name}, bit ${bit}`,
        words: encode(
          fields.map((field) =>
            field.name === name ? { ...field, word: toWord(BigInt(field.word) ^ (1n << BigInt(bit))) } : field,
          ),
        ),
      })),
    );
}

/** `data` with other words in the place of those that it has exactly once. */
export function swap(data: string, words: string, others: string): string {
  const parts = data.split(words.slice(2));
  if (parts.length !== 2) throw new Error(`found ${parts.length - 1} times`);
  return parts.join(others.slice(2));
}
