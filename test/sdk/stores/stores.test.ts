import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readlinkSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";
import { indexedDB } from "fake-indexeddb";

import { FileStore, IndexedDbStore } from "../../../src/sdk";
import { afterTest } from "../../helpers/afterTest";
import { expectError } from "../../helpers/errors";
import { temporaryFolder } from "../../helpers/temporaryFolder";
import { webLocks } from "../../helpers/webLocks";
import { behavesAsStore } from "./suite";

let databases = 0;

/** What a descriptor is of; it may be gone by now. */
function linkOf(descriptor: string): string | undefined {
  try {
    return readlinkSync(descriptor);
  } catch {
    return undefined;
  }
}

behavesAsStore("FileStore", (context) => {
  const file = path.join(temporaryFolder(context), "wallet.jsonl");
  return Promise.resolve(() => FileStore.open(file));
});

describe("in a browser", () => {
  const before = Object.getOwnPropertyDescriptors(globalThis);

  beforeEach(() => {
    const navigator = { locks: webLocks() };
    for (const [name, value] of Object.entries({ indexedDB, navigator })) {
      Object.defineProperty(globalThis, name, { value, configurable: true });
    }
  });

  afterEach(() => {
    for (const name of ["indexedDB", "navigator"] as const) {
      const original = before[name as keyof typeof before];
      if (original === undefined) Reflect.deleteProperty(globalThis, name);
      else Object.defineProperty(globalThis, name, original);
    }
  });

  behavesAsStore("IndexedDbStore", () => {
    const name = `wallet ${(databases += 1)}`;
    return Promise.resolve(() => IndexedDbStore.open(name));
  });
});

describe("FileStore", () => {
  it("holds its file open only while it is written to and locked", async function () {
    // Where the system shows what is open.
    if (process.platform !== "linux") return;
    const file = path.join(temporaryFolder(this), "wallet.jsonl");
    const isOpen = () => readdirSync("/proc/self/fd").some((one) => linkOf(`/proc/self/fd/${one}`) === file);
    const store = await FileStore.open(file);
    const unlock = await store.lock();
    expect(isOpen()).to.equal(false);
    await store.append({
      type: "named",
      name: "alice@star.example",
      account: `0x${"a1".repeat(20)}` as never,
      time: 1n,
    });
    expect(isOpen()).to.equal(true);
    await unlock();
    expect(isOpen()).to.equal(false);
  });
});

describe("FileStore, between processes", () => {
  /** A process of its own that has locked the store. */
  const holder = async (context: Mocha.Context, file: string): Promise<ChildProcess> => {
    const child = fork(path.join(__dirname, "holdLock.ts"), [file], { execArgv: ["--require", "tsx/cjs"] });
    afterTest(context, () => child.kill("SIGKILL"));
    expect(await once(child, "message")).to.deep.equal(["locked", undefined]);
    return child;
  };

  it("is locked while the other lives, and free as soon as that dies, however it dies", async function () {
    const file = path.join(temporaryFolder(this), "wallet.jsonl");
    const store = await FileStore.open(file);
    const other = await holder(this, file);
    await expectError(() => store.lock(), "store_locked", { store: file });
    other.kill("SIGKILL");
    await once(other, "exit");
    await (
      await store.lock()
    )();
    await store.close();
  });
});
