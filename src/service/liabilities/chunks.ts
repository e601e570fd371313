import { Buffer } from "node:buffer";

import { fromHex, toHex, type ChannelId, type Hash, type SumNode } from "../../protocol";
import type { TreeChunk } from "../../store";
import { CHUNK, type LiabilityTree, type PlacedLiability } from "./tree";

// Trees as they are kept: nodes of 48 bytes, leaves of 72, 256 in a row of the store.

/** The level of chunks of leaves. */
export const LEAVES = -1;
const [NODE, LEAF] = [48, 72];

/** A tree in rows. */
export function* chunksOf({ leaves, levels }: LiabilityTree): Generator<TreeChunk> {
  for (let i = 0; i < leaves.length; i += CHUNK) {
    const some = leaves.slice(i, i + CHUNK);
    yield { level: LEAVES, first: fromHex(some[0]!.channelId), content: Buffer.concat(some.map(leafBytes)) };
  }
  for (const [k, nodes] of levels.entries()) {
    for (let i = 0; i < nodes.length; i += CHUNK) {
      const content = Buffer.concat(nodes.slice(i, i + CHUNK).map(nodeBytes));
      yield { level: 8 * k, first: placeOf(i / CHUNK), content };
    }
  }
}

/** What the chunk with this number begins with. */
export function placeOf(number: number): Buffer {
  const place = Buffer.alloc(4);
  place.writeUInt32BE(number);
  return place;
}

export function nodesOf(content: Buffer): SumNode[] {
  return slices(content, NODE).map((bytes) => ({
    hash: toHex(bytes.subarray(0, 32)) as Hash,
    sum: readUint128(bytes, 32),
  }));
}

/** The leaf of a channel, if the chunk has it. */
export function leafIn(content: Buffer, channelId: ChannelId): PlacedLiability | undefined {
  const id = fromHex(channelId);
  const bytes = slices(content, LEAF).find((leaf) => leaf.subarray(0, 32).equals(id));
  return (
    bytes && {
      channelId,
      balance: readUint128(bytes, 32),
      version: bytes.readBigUInt64BE(48),
      seq: bytes.readBigUInt64BE(56),
      index: Number(bytes.readBigUInt64BE(64)),
    }
  );
}

function leafBytes({ channelId, balance, version, seq, index }: PlacedLiability): Buffer {
  const bytes = Buffer.alloc(LEAF);
  fromHex(channelId).copy(bytes);
  writeUint128(bytes, balance, 32);
  for (const [i, value] of [version, seq, BigInt(index)].entries()) bytes.writeBigUInt64BE(value, 48 + 8 * i);
  return bytes;
}

function nodeBytes({ hash, sum }: SumNode): Buffer {
  const bytes = Buffer.alloc(NODE);
  fromHex(hash).copy(bytes);
  writeUint128(bytes, sum, 32);
  return bytes;
}

function slices(content: Buffer, size: number): Buffer[] {
  return Array.from({ length: content.length / size }, (_, i) => content.subarray(i * size, (i + 1) * size));
}

function writeUint128(bytes: Buffer, value: bigint, at: number): void {
  bytes.writeBigUInt64BE(value >> 64n, at);
  bytes.writeBigUInt64BE(BigInt.asUintN(64, value), at + 8);
}

function readUint128(bytes: Buffer, at: number): bigint {
  return (bytes.readBigUInt64BE(at) << 64n) | bytes.readBigUInt64BE(at + 8);
}
