import { createReadStream, existsSync } from "node:fs";
import { open, realpath, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";

import { fail, StarledgerError } from "../../errors";
import type { ChannelId } from "../../protocol";
import { fromJson, toJson } from "../../protocol/json";
import type { Store, StoreRecord, WalletRecord } from "../store";
import { lockFile } from "./fileLock";
import { isOf, isRecord } from "./isOf";

interface Waiting {
  readonly line: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A wallet's records in one append-only file of JSON lines; records that come in together share one sync to disk. Who gives
 * up the lock, as a client does when it is stopped, closes the file with it; whoever writes opens it again.
 */
export class FileStore implements Store {
  private waiting: Waiting[] = [];
  private writing = false;

  private file: FileHandle | undefined;

  private constructor(private readonly path: string) {}

  /** The file is made if there is none; only its owner may read it. */
  static async open(path: string): Promise<FileStore> {
    const isNew = !existsSync(path);
    await (await opened(path)).close();
    if (isNew) await syncFolderOf(path);
    return new FileStore(path);
  }

  append(record: StoreRecord): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ line: toJson(record) + "\n", resolve, reject });
      if (!this.writing) void this.write();
    });
  }

  /**
   * The records in the file, oldest first, without a need to write; none if there is no file.
   * @throws store_failed if a line is whole, and no record
   */
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
    const unlock = lockFile(await realpath(this.path));
    return async () => {
      await this.close();
      await unlock();
    };
  }

  /** Where nobody has locked it; once more changes nothing. */
  async close(): Promise<void> {
    const { file } = this;
    this.file = undefined;
    await file?.close();
  }

  private async write(): Promise<void> {
    this.writing = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      try {
        this.file ??= await opened(this.path);
        await this.file.appendFile(batch.map(({ line }) => line).join(""));
        await this.file.datasync();
        for (const { resolve } of batch) resolve();
      } catch (error) {
        const failure = new StarledgerError("store_failed", { reason: (error as Error).message });
        for (const { reject } of batch) reject(failure);
        // A line may be half written: whatever comes next mends that first.
        await this.close().catch(() => undefined);
      }
    }
    this.writing = false;
  }
}

/** Opens the file to append to it. What would follow a line that a crash tore begins a line of its own. */
async function opened(path: string): Promise<FileHandle> {
  const file = await open(path, "a+", 0o600);
  const { size } = await file.stat();
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
  if (size > 0 && buffer.toString() !== "\n") await file.appendFile("\n");
  return file;
}

/** A new file's name is on disk only when its folder is. */
async function syncFolderOf(file: string): Promise<void> {
  const folder = await open(dirname(file), "r");
  await folder.sync().finally(() => folder.close());
}

/** A line torn by a crash was never promised to anybody; it is no JSON. */
function parse(line: string): StoreRecord | undefined {
  let read: unknown;
  try {
    read = fromJson(line);
  } catch {
    return undefined;
  }
  return isRecord(read) ? read : fail("store_failed", { reason: "a line of the file is no record" });
}
