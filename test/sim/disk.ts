import { existsSync, readFileSync, writeFileSync } from "node:fs";

import type { Disk, Image } from "./life";

/** What a disk writes whole or not at all. */
const SECTOR = 512;
const PAGE = 4_096;

/** The files of one life; the next finds its own, as they were when this one ended. */
export class Files implements Disk {
  writing = 0;
  isDying = false;

  constructor(
    private readonly files: readonly string[],
    private readonly next: readonly string[],
    private readonly onLeft: () => void = () => undefined,
  ) {}

  image(): Image {
    return this.files.map((file) => (existsSync(file) ? readFileSync(file) : Buffer.alloc(0)));
  }

  leave(image: Image): void {
    image.forEach((bytes, i) => writeFileSync(this.next[i]!, bytes));
    this.onLeft();
  }
}

/** A file cut within `line`, which was being appended, its end included. */
export function cutWithin(line: string, [after]: Image, share: number): Image {
  return [after!.subarray(0, after!.lastIndexOf(line) + Math.floor(share * line.length))];
}

/** Of a log: another one when it begins anew. */
const HEADER = 32;

/**
 * An SQLite database and its log: either not all of the log's sectors are there, or the log is whole and, if a checkpoint was
 * under way, not all pages of the database are. A log begins anew once the database is synced, and its header is synced before
 * what follows it.
 */
export function tornDatabase([db, log]: Image, [dbAfter, logAfter]: Image, share: number): Image {
  const isCheckpoint = !db!.equals(dbAfter!);
  const isNew = !log!.subarray(0, HEADER).equals(logAfter!.subarray(0, HEADER));
  if (isCheckpoint && isNew) return share < 0.5 ? [db!, log!] : [dbAfter!, logAfter!];
  if (isCheckpoint && share >= 0.5) return [mixed(db!, dbAfter!, PAGE, 2 * share - 1), logAfter!];
  const begun = isNew ? Buffer.concat([logAfter!.subarray(0, HEADER), log!.subarray(HEADER)]) : log!;
  return [db!, mixed(begun, logAfter!, SECTOR, share)];
}

/** Those blocks of `after` that come first, up to `share` of those that differ, and every other of the rest; else `before`. */
function mixed(before: Buffer, after: Buffer, size: number, share: number): Buffer {
  const result = Buffer.alloc(Math.max(before.length, after.length));
  before.copy(result);
  const different: number[] = [];
  for (let at = 0; at < after.length; at += size) {
    if (!after.subarray(at, at + size).equals(before.subarray(at, at + size))) different.push(at);
  }
  const whole = Math.floor(share * different.length);
  const reached = different.filter((_, i) => i < whole || (i > whole && i % 2 === 0));
  for (const at of reached) after.copy(result, at, at, at + size);
  const end = reached.at(-1);
  return result.subarray(0, Math.max(before.length, end === undefined ? 0 : Math.min(end + size, after.length)));
}
