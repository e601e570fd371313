import { rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import path from "node:path";

import { type World } from "../../scripts/demo/world";
import { toAddress, type Address, type Hex } from "../../src/protocol";
import { connect, FileStore, localSigner, type Client, type ConnectOptions } from "../../src/sdk";
import { Services } from "../../src/service";
import { createServer } from "../../src/service/http";
import { afterTest } from "./afterTest";
import { OPERATOR_KEY } from "./http";
import { KEYSTORE } from "./service";
import { temporaryFolder } from "./temporaryFolder";
import { testWorld } from "./worlds";

/** A service over HTTP on a real chain. */
export interface Town {
  readonly world: World;
  readonly url: string;
  readonly points: Address;
  readonly coin: Address;
  stop(): Promise<void>;
}

export async function startTown(): Promise<Town> {
  const world = await testWorld();
  const app = await createServer({
    services: new Services([world.service]),
    store: world.store,
    keystore: KEYSTORE,
    operatorKey: OPERATOR_KEY,
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  return {
    world,
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    points: toAddress(await world.points.getAddress()),
    coin: toAddress(await world.coin.getAddress()),
    stop: async () => {
      await app.close();
      await world.stop();
      rmSync(world.folder, { recursive: true });
    },
  };
}

/** What the node's account `index` connects with, with a store of its own. */
export async function clientOptions(context: Mocha.Context, town: Town, index: number): Promise<ConnectOptions> {
  const store = await FileStore.open(path.join(temporaryFolder(context), "wallet.jsonl"));
  afterTest(context, () => store.close());
  const account = localSigner(town.world.node.privateKey(index) as Hex);
  return { url: town.url, rpc: town.world.node.url, account, store, poll: 0, apiKey: OPERATOR_KEY };
}

/** The node's account `index` as a client that only looks when it is told to. */
export async function clientOf(
  context: Mocha.Context,
  town: Town,
  index: number,
  changes: Partial<ConnectOptions> = {},
): Promise<Client> {
  const client = await connect({ ...(await clientOptions(context, town, index)), ...changes });
  afterTest(context, () => client.stop());
  return client;
}
