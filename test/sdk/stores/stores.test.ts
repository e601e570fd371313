import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";
import { indexedDB } from "fake-indexeddb";

import { toAddress } from "../../../src/protocol";
import { toJson } from "../../../src/protocol/json";
import { FileStore, IndexedDbStore, type StoreRecord } from "../../../src/sdk";
import { afterTest } from "../../helpers/afterTest";
import { expectError } from "../../helpers/errors";
import { messageOf, startProgram } from "../../helpers/programs";
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
  const named = (name: string) => ({
    ...{ type: "named" as const, name: `${name}@star.example` as const, time: 1n },
    account: toAddress(`0x${"a1".repeat(20)}`),
  });
  const [alice, bob, carol] = [named("alice"), named("bob"), named("carol")];

  /** A file with these lines, as a program that wrote no checksums left it, or as this one does. */
  async function written(context: Mocha.Context, records: readonly StoreRecord[], isOld = false): Promise<string> {
    const file = path.join(temporaryFolder(context), "wallet.jsonl");
    if (isOld) writeFileSync(file, records.map((record) => `${toJson(record)}\n`).join(""));
    const store = await FileStore.open(file);
    if (!isOld) for (const record of records) await store.append(record);
    await store.close();
    return file;
  }

  it("case 23: believes no line that has changed since it was written, whichever byte of it", async function () {
    const file = await written(this, [alice, bob]);
    const whole = readFileSync(file);
    for (let at = 0; at < whole.length - 1; at++) {
      const damaged = Buffer.from(whole);
      damaged[at]! ^= 1;
      writeFileSync(file, damaged);
      const { reason } = (await expectError(() => FileStore.read(file), "store_failed")).details;
      expect(reason, `byte ${at}`).to.equal("a line of the file is damaged");
    }
  });

  it("case 23: goes on after what a crash tore, wherever it did, without it", async function () {
    const file = await written(this, [alice, bob]);
    const whole = readFileSync(file);
    const first = whole.indexOf("\n") + 1;
    for (let length = first; length < whole.length; length += 7) {
      writeFileSync(file, whole.subarray(0, length));
      const store = await FileStore.open(file);
      expect(await store.all(), `${length} bytes`).to.deep.equal([alice]);
      await store.append(carol);
      await store.close();
      expect(await FileStore.read(file), `${length} bytes`).to.deep.equal([alice, carol]);
    }
  });

  it("reads a file without checksums, torn lines in it too, and goes on with them; a line without one is no more believed then", async function () {
    const file = await written(this, [alice, bob], true);
    const old = readFileSync(file, "utf8");
    writeFileSync(file, old.replace("\n", `\n${old.slice(0, 20)}\n`));
    const store = await FileStore.open(file);
    await store.append(carol);
    await store.close();
    expect(await FileStore.read(file)).to.deep.equal([alice, bob, carol]);
    appendFileSync(file, old);
    await expectError(() => FileStore.read(file), "store_failed", { reason: "a line of the file is damaged", line: 5 });
  });

  it("holds its file open only while it is written to and locked", async function () {
    // Where the system shows what is open.
    if (process.platform !== "linux") return;
    const file = path.join(temporaryFolder(this), "wallet.jsonl");
    const isOpen = () => readdirSync("/proc/self/fd").some((one) => linkOf(`/proc/self/fd/${one}`) === file);
    const store = await FileStore.open(file);
    const unlock = await store.lock();
    expect(isOpen()).to.equal(false);
    await store.append(alice);
    expect(isOpen()).to.equal(true);
    await unlock();
    expect(isOpen()).to.equal(false);
  });
});

describe("FileStore, between processes", () => {
  /** A process of its own that has locked the store. */
  const holder = async (context: Mocha.Context, file: string): Promise<ChildProcess> => {
    const child = startProgram("sdk/stores/holdLock", file);
    afterTest(context, () => child.kill("SIGKILL"));
    expect(await messageOf(child)).to.equal("locked");
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
