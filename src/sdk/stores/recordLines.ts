import { createReadStream } from "node:fs";
import { crc32 } from "node:zlib";

import { fail } from "../../errors";
import { fromJson, toJson } from "../../protocol/json";
import type { StoreRecord } from "../store";
import { isRecord } from "./isOf";

// A wallet's file has a record per line: the version of this format, the CRC-32 of the record's text, and that text, JSON. What
// older programs wrote is the text alone.

const FORMAT = "1";
const CHECKED = new RegExp(`^${FORMAT} ([0-9a-f]{8}) (.*)$`, "s");

/** A record as a line of the file. */
export function toLine(record: StoreRecord): string {
  const text = toJson(record);
  return `${FORMAT} ${checksum(text)} ${text}\n`;
}

/**
 * The records of a file, oldest first. What a crash tore, at the end of the file, was never promised to anybody.
 * @throws store_failed if a line is whole, and not what was written or no record
 */
export async function* recordsIn(path: string): AsyncGenerator<StoreRecord> {
  let number = 0;
  let hasChecked = false;
  for await (const { line, isEnded } of linesOf(path)) {
    number += 1;
    const isChecked = CHECKED.test(line);
    const written = isChecked || !hasChecked ? writtenIn(line) : undefined;
    hasChecked ||= isChecked;
    if (isRecord(written)) yield written;
    else if (written !== undefined) fail("store_failed", { reason: "a line of the file is no record", line: number });
    // Older programs went on after what was torn, in a new line.
    else if (isEnded && (hasChecked || !line.startsWith("{")))
      fail("store_failed", { reason: "a line of the file is damaged", line: number });
  }
}

/** Bytes at the end of a file that are no whole line, and whether they are a record nevertheless. */
export async function endOf(path: string): Promise<{ readonly bytes: number; readonly isRecord: boolean }> {
  let end: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    const at = chunk.lastIndexOf("\n");
    end = at === -1 ? Buffer.concat([end, chunk]) : chunk.subarray(at + 1);
  }
  return { bytes: end.length, isRecord: isRecord(writtenIn(end.toString())) };
}

/** What a line says; undefined if it is not whole, or not as it was written. */
function writtenIn(line: string): unknown {
  const [, sum, text = line] = CHECKED.exec(line) ?? [];
  if (sum !== undefined && sum !== checksum(text)) return undefined;
  try {
    return fromJson(text);
  } catch {
    return undefined;
  }
}

async function* linesOf(path: string): AsyncGenerator<{ readonly line: string; readonly isEnded: boolean }> {
  let rest = "";
  for await (const chunk of createReadStream(path, "utf8") as AsyncIterable<string>) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    for (const line of lines) yield { line, isEnded: true };
  }
  if (rest !== "") yield { line: rest, isEnded: false };
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, "0");
}
