import { existsSync } from "node:fs";
import { open, realpath, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";

import { StarledgerError } from "../../errors";
import type { ChannelId } from "../../protocol";
import type { Store, StoreRecord, WalletRecord } from "../store";
import { lockFile } from "./fileLock";
import { isOf } from "./isOf";
import { endOf, recordsIn, toLine } from "./recordLines";

/** Only its owner may read a wallet's file. */
const MODE = 0o600;

interface Waiting {
  readonly line: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A wallet's records in one append-only file, a line each with a checksum; records that come in together share one sync to disk. Who gives
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
    await (await open(path, "a", MODE)).close();
    if (isNew) await syncFolderOf(path);
    return new FileStore(path);
  }

  append(record: StoreRecord): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ line: toLine(record), resolve, reject });
      if (!this.writing) void this.write();
    });
  }

  /**
   * The records in the file, oldest first, without a need to write; none if there is no file.
   * @throws store_failed if a line is whole, and not what was written or no record
   */
  static async read(path: string): Promise<readonly StoreRecord[]> {
    const found: StoreRecord[] = [];
    if (!existsSync(path)) return found;
    for await (const record of recordsIn(path)) found.push(record);
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

/** Opens the file to append to it; what a crash tore goes first. */
async function opened(path: string): Promise<FileHandle> {
  const file = await open(path, "a+", MODE);
  const { bytes, isRecord } = await endOf(path);
  if (isRecord) await file.appendFile("\n");
  else if (bytes > 0) await file.truncate((await file.stat()).size - bytes);
  return file;
}

/** A new file's name is on disk only when its folder is. */
async function syncFolderOf(file: string): Promise<void> {
  const folder = await open(dirname(file), "r");
  await folder.sync().finally(() => folder.close());
}
