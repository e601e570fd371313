import { createReadStream, existsSync } from "node:fs";
import { open, realpath, type FileHandle } from "node:fs/promises";
import { createInterface } from "node:readline";

import type { ChannelId } from "../../protocol";
import { fromJson, toJson } from "../../protocol/json";
import type { Store, StoreRecord, WalletRecord } from "../store";
import { lockFile } from "./fileLock";
import { isOf } from "./isOf";

interface Waiting {
  readonly line: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A wallet's records in one append-only file of JSON lines; records that come in together share one sync to disk. */
export class FileStore implements Store {
  private waiting: Waiting[] = [];
  private writing = false;

  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
  ) {}

  /** Opens or creates the file; only its owner may read it. */
  static async open(path: string): Promise<FileStore> {
    return new FileStore(path, await open(path, "a", 0o600));
  }

  append(record: StoreRecord): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ line: toJson(record) + "\n", resolve, reject });
      if (!this.writing) void this.write();
    });
  }

  /** The records in the file, oldest first, without a need to write; none if there is no file. */
  static async read(path: string): Promise<readonly StoreRecord[]> {
    const found: StoreRecord[] = [];
    if (!existsSync(path)) return found;
    for await (const line of createInterface({ input: createReadStream(path) })) {
      const record = parse(line);
      if (record !== undefined) found.push(record);
    }
    return found;
  }

  async records(channelId: ChannelId): Promise<readonly WalletRecord[]> {
    return (await this.all()).filter((record) => isOf(channelId, record));
  }

  all(): Promise<readonly StoreRecord[]> {
    return FileStore.read(this.path);
  }

  /** @throws store_locked */
  async lock(): Promise<() => Promise<void>> {
    return lockFile(await realpath(this.path));
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private async write(): Promise<void> {
    this.writing = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      try {
        await this.file.appendFile(batch.map(({ line }) => line).join(""));
        await this.file.datasync();
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.writing = false;
  }
}

/** A line torn by a crash was never promised to anybody. */
function parse(line: string): StoreRecord | undefined {
  try {
    return fromJson(line) as StoreRecord;
  } catch {
    return undefined;
  }
}
