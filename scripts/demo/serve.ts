import { writeDeployment } from "../../src/chain/deployment";
import { toAddress } from "../../src/protocol";
import { readConfig, shownSettings } from "../../src/service/config";
import { start, type Running } from "../../src/service/start";
import { placesIn, type World } from "./world";

/** What one signs in with at a demo's console. */
export const DEMO_KEY = "the-operator-of-the-starledger-demo";

/** Serves what a world has in its database over HTTP, with the console, in place of the service that filled it. */
export async function serveWorld(world: World): Promise<Running> {
  const { folder, secrets, node, deployment, system, points, coin } = world;
  await world.close();
  const { store } = placesIn(folder);
  writeDeployment(deployment, folder);
  const tokens = await Promise.all([points, coin].map(async (token) => toAddress(await token.getAddress())));
  const environment = {
    STARLEDGER_PORT: "0",
    STARLEDGER_STORE: store,
    STARLEDGER_LOG_LEVEL: "silent",
    STARLEDGER_RPC_URL: node.url,
    STARLEDGER_PUBLIC_NODES: node.url,
    STARLEDGER_DEPLOYMENTS: folder,
    STARLEDGER_SYSTEM: system,
    STARLEDGER_TOKENS: tokens.join(","),
    STARLEDGER_SIGNER_KEY: secrets.signerKey,
    STARLEDGER_GAS_KEYS: node.privateKey(0),
    STARLEDGER_FINALITY: "0",
    STARLEDGER_CHAIN_SECONDS: "0.5",
    STARLEDGER_SETTLE_SECONDS: "0",
    STARLEDGER_KEYSTORE_SECRET: secrets.keystore,
    STARLEDGER_KEYSTORE_SALT: secrets.salt,
    STARLEDGER_OPERATOR_KEY: DEMO_KEY,
  };
  return await start(readConfig(environment), shownSettings(environment));
}
