import { createContext, Script } from "node:vm";
import { gzipSync } from "node:zlib";

import { expect } from "chai";
import { indexedDB } from "fake-indexeddb";
import { WebSocket } from "ws";

import { bundle } from "../../../scripts/browser/bundle";
import { toHex, ZERO_HASH, type Address } from "../../../src/protocol";
import { startTown, type Town } from "../../helpers/clients";
import { OPERATOR_KEY } from "../../helpers/http";
import { webLocks } from "../../helpers/webLocks";

/** What pages have; nothing of Node is among it. */
const PAGE = { WebSocket, fetch, URL, URLSearchParams, AbortSignal, AbortController, TextEncoder, TextDecoder, crypto };
const TIMERS = { setTimeout, clearTimeout, setInterval, clearInterval, queueMicrotask, structuredClone };

/** What a page does with an account: opens it, takes what it was given, pays. Answers with what is left. */
const PROGRAM = `
  import { connect, IndexedDbStore, localSigner } from "./src/sdk/browser";
  globalThis.run = async ({ url, rpc, key, token, to, apiKey, fund }) => {
    const store = await IndexedDbStore.open();
    const client = await connect({ url, rpc, account: localSigner(key), store, poll: 0, apiKey });
    await client.open(token);
    await fund(client.account);
    for await (const { balance } of client.watch(token)) if (balance > 0n) break;
    await client.pay({ to, token, amount: 30n });
    const { balance } = await client.balance(token);
    await client.stop();
    return [client.account, balance, (await store.all()).map(({ type }) => type).join()];
  };
`;

describe("the bundle for browsers", () => {
  let town: Town;

  before(async () => (town = await startTown()));
  after(() => town.stop());

  it("is below 141 kB compressed", async () => {
    const text = await bundle({ entryPoints: ["src/sdk/browser.ts"] });
    expect(gzipSync(text).length).to.be.lessThan(141_000);
  });

  it("pays where there is nothing but what a page has", async () => {
    const text = await bundle({ stdin: { contents: PROGRAM, resolveDir: ".", loader: "ts" }, format: "iife" });
    const page = createContext({ ...PAGE, ...TIMERS, indexedDB, navigator: { locks: webLocks() } });
    new Script(text).runInContext(page);
    const { world, points: token, url } = town;
    const { service } = world;
    const { account: to } = await service.submit({ type: "openHostedAccount", tokens: [token] });
    const fund = (account: Address) =>
      service.submit({ type: "issue", account, token, amount: 100n, reference: ZERO_HASH });
    const key = toHex(Buffer.alloc(32, 9));
    const run = page["run"] as (setting: object) => Promise<[Address, bigint, string]>;
    const [account, balance, kept] = await run({
      url,
      rpc: world.node.url,
      key,
      token,
      to,
      apiKey: OPERATOR_KEY,
      fund,
    });
    expect([balance, kept]).to.deep.equal([70n, "opened,received,proposed,completed"]);
    expect(service.channelOf(account, token)?.state.version).to.equal(1n);
    expect(service.channelOf(to!, token)?.note.credited).to.equal(30n);
  });
});
