import { fail, StarledgerError } from "../../errors";
import type { ChannelId } from "../../protocol";
import type { Store, StoreRecord, WalletRecord } from "../store";

const RECORDS = "records";
const BY_CHANNEL = "channelId";

/** A wallet's records in a browser's IndexedDB; what was appended is on disk before {@link append} resolves. */
export class IndexedDbStore implements Store {
  private constructor(
    private readonly name: string,
    private readonly database: IDBDatabase,
  ) {}

  /**
   * Opens or creates the database of this name; every page of the origin sees it.
   * @throws store_failed if the browser keeps no data for the page
   */
  static async open(name = "starledger"): Promise<IndexedDbStore> {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore(RECORDS, { autoIncrement: true }).createIndex(BY_CHANNEL, BY_CHANNEL);
    };
    return new IndexedDbStore(name, await answerTo(opening));
  }

  async append(record: StoreRecord): Promise<void> {
    const transaction = this.database.transaction(RECORDS, "readwrite", { durability: "strict" });
    transaction.objectStore(RECORDS).add(record);
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(failure(transaction.error));
    });
  }

  async records(channelId: ChannelId): Promise<readonly WalletRecord[]> {
    return (await answerTo(this.read().index(BY_CHANNEL).getAll(channelId))) as WalletRecord[];
  }

  async all(): Promise<readonly StoreRecord[]> {
    return (await answerTo(this.read().getAll())) as StoreRecord[];
  }

  /** By the browser's Web Locks, which end with the page. */
  lock(): Promise<() => Promise<void>> {
    return new Promise((resolve, reject) => {
      const name = `starledger:${this.name}`;
      const held = navigator.locks.request(name, { ifAvailable: true }, (lock) => {
        if (lock === null) fail("store_locked", { store: this.name });
        return new Promise<void>((release) => {
          resolve(async () => {
            release();
            await held;
          });
        });
      });
      held.catch(reject);
    });
  }

  close(): Promise<void> {
    this.database.close();
    return Promise.resolve();
  }

  private read(): IDBObjectStore {
    return this.database.transaction(RECORDS, "readonly").objectStore(RECORDS);
  }
}

function answerTo<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(failure(request.error));
  });
}

function failure(error: DOMException | null): StarledgerError {
  return new StarledgerError("store_failed", { reason: String(error?.message) });
}
