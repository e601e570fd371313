import path from "node:path";

import { expect } from "chai";

import { keccakText, toAddress, type ChannelId } from "../../src/protocol";
import { backUp, FileStore, restore, type StoreRecord } from "../../src/sdk";
import { expectError } from "../helpers/errors";
import { temporaryFolder } from "../helpers/temporaryFolder";

const channelId = keccakText("channel") as string as ChannelId;
const records: StoreRecord[] = [
  { type: "revealed", channelId, hash: keccakText("h"), time: 1n },
  { type: "named", name: "alice@star.example", account: toAddress(`0x${"a1".repeat(20)}`), time: 2n },
];
const PASSPHRASE = "correct horse battery staple";

describe("backup", () => {
  let file: Uint8Array;

  const freshStore = (context: Mocha.Context) => FileStore.open(path.join(temporaryFolder(context), "wallet.jsonl"));

  beforeEach(async function () {
    const store = await freshStore(this);
    for (const record of records) await store.append(record);
    file = await backUp(store, PASSPHRASE);
    await store.close();
  });

  it("is restored with its passphrase, and marks the store as one that others may be newer than", async function () {
    expect(Buffer.from(file).toString("latin1")).to.not.include("revealed");
    const store = await freshStore(this);
    await restore(store, file, PASSPHRASE);
    const all = await store.all();
    const { time } = all.at(-1) as { time?: bigint };
    expect(all).to.deep.equal([...records, { type: "restored", channelId, time }]);
    expect(Number(time)).to.be.closeTo(Date.now() / 1_000, 60);
    await expectError(() => restore(store, file, PASSPHRASE), "store_failed");
    await store.close();
  });

  it("is refused with another passphrase, with a changed byte, header included, and when it is none", async function () {
    const store = await freshStore(this);
    await expectError(() => restore(store, file, "correct horse"), "wrong_passphrase");
    const body = Uint8Array.from(file);
    body[file.length - 1]! ^= 1;
    await expectError(() => restore(store, body, PASSPHRASE), "wrong_passphrase");
    const text = Buffer.from(file).toString("latin1");
    const spaced = Buffer.from(text.replace('"version":1', '"version": 1'), "latin1");
    await expectError(() => restore(store, spaced, PASSPHRASE), "wrong_passphrase");
    for (const none of [text.replace('"version":1', '"version":2'), text.replace("131072", "131072000"), "", "{}\n"]) {
      await expectError(() => restore(store, Buffer.from(none, "latin1"), PASSPHRASE), "invalid_input");
    }
    expect(await store.all()).to.deep.equal([]);
    await store.close();
  });
});
