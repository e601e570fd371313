import { randomBytes } from "node:crypto";
import path from "node:path";

import { HubClient, type Deployment } from "../../src/chain";
import { addSigner, issueToken } from "../../src/chain/assets";
import { deployFor } from "../../src/chain/localDeployment";
import { startNode, type LocalNode } from "../../src/chain/localNode";
import {
  addressOf,
  defaultAllotment,
  domainSeparator,
  keccakText,
  sign,
  SystemVerifier,
  toAddress,
  toHex,
  type Address,
  type AssetSettings,
  type Hash,
  type Hex,
} from "../../src/protocol";
import { FileStore, Wallet } from "../../src/sdk";
import { AccountService, Keystore } from "../../src/service";
import { localKey } from "../../src/signer";
import { openStore, type Store } from "../../src/store";
import type { IssuedToken } from "../../typechain-types";
import { inProcess } from "./inProcess";

const DAY = 86_400n;
const TERMS = {
  challengePeriod: 3n * DAY,
  claimWindow: 3n * DAY,
  lockLimit: 7n * DAY,
  award: 0n,
  staleFee: 10n ** 15n,
};
const DECIMALS = 18;

/** The points that the replay runs on: tokens come into being when users withdraw. */
export const POINTS: AssetSettings = { backing: "issued", ...TERMS };
/** The coin that the disputes run on: every balance is covered by tokens of its own. */
export const COIN: AssetSettings = { backing: "collateral", ...TERMS };

/** What a demo run counts besides the service's own counters. */
export interface Counters {
  clientSignatures: number;
  clientSigningNanos: bigint;
  transactions: number;
  gas: bigint;
}

/** What the service of a world is run with. */
export interface Secrets {
  readonly signerKey: Hex;
  readonly keystore: string;
  readonly salt: Hex;
}

/** Where a world keeps what it is made of. */
export const placesIn = (folder: string) => ({
  store: `sqlite:${path.join(folder, "service.db")}`,
});

/** A running system: a node with the contracts, the service on its database, and one system account. */
export interface World {
  readonly node: LocalNode;
  readonly deployment: Deployment;
  readonly folder: string;
  readonly secrets: Secrets;
  readonly service: AccountService;
  readonly store: Store;
  readonly system: Address;
  readonly hub: HubClient;
  readonly points: IssuedToken;
  readonly coin: IssuedToken;
  readonly counters: Counters;
  readonly verifier: SystemVerifier;
  hubFor(index: number): HubClient;
  /** A self-custody user's wallet; its notes are checked and stored as they come in. */
  wallet(privateKey: Hex, token: Address, asset: AssetSettings): Wallet;
  /** Resolves when the wallet of an account has taken in every note delivered so far. */
  received(account: Address): Promise<void>;
  /** Stops the service and closes what it keeps; the chain goes on. */
  close(): Promise<void>;
  stop(): Promise<void>;
}

/** A node with the contracts. */
export type Chain = Pick<World, "node" | "deployment">;

async function startChain(): Promise<Chain> {
  const node = await startNode();
  return { node, deployment: await deployFor(node) };
}

/**
 * Starts everything; the system is the node's account 0.
 * @param now the service's clock, in Unix seconds, unless it goes by the machine's
 * @param chain nothing has happened on it; stopped with the world
 */
export async function createWorld(folder: string, now?: () => bigint, chain?: Chain): Promise<World> {
  const places = placesIn(folder);
  const { node, deployment } = chain ?? (await startChain());
  const { chainId } = deployment;
  const operator = node.account(0);
  const system = toAddress(operator.address);
  const signerKey = keccakText("starledger demo signer") as Hex;
  const counters: Counters = { clientSignatures: 0, clientSigningNanos: 0n, transactions: 0, gas: 0n };

  const issue = (name: string, symbol: string, minter: Address, settings: AssetSettings): Promise<IssuedToken> =>
    issueToken(operator, deployment.hub, { name, symbol, decimals: DECIMALS, minter }, settings);
  const points = await issue("Demo points", "POINT", deployment.hub, POINTS);
  const coin = await issue("Demo coin", "COIN", system, COIN);
  await addSigner(operator, deployment.hub, addressOf(signerKey));

  const store = await openStore(places.store);
  const secrets = { signerKey, keystore: toHex(randomBytes(32)), salt: toHex(randomBytes(32)) };
  const keystore = new Keystore(secrets.keystore, secrets.salt);
  const domain = { chainId, hub: deployment.hub };
  const signer = localKey(signerKey);
  const service = await AccountService.start({ store, domain, system, signer, keystore, ...(now && { now }) });
  for (const [token, settings] of [
    [points, POINTS],
    [coin, COIN],
  ] as const) {
    const address = toAddress(await token.getAddress());
    const allotment = defaultAllotment(DECIMALS);
    const asset = { system, token: address, decimals: DECIMALS, settings, allotment, limit: allotment };
    await service.submit({ type: "addAsset", asset });
  }

  const walletStore = await FileStore.open(path.join(folder, "wallets.jsonl"));
  const verifier = new SystemVerifier(domainSeparator(domain));
  const signers = new Set([addressOf(signerKey)]);
  const receiving = new Map<Address, Promise<void>>();
  const api = inProcess(service);
  const close = async (): Promise<void> => {
    await service.stop();
    await store.close();
    await walletStore.close();
  };
  return {
    ...{ node, deployment, folder, secrets, service, store, system, points, coin, counters, verifier },
    hub: new HubClient(deployment.hub, operator),
    hubFor: (index) => new HubClient(deployment.hub, node.account(index)),
    wallet: (privateKey, token, asset) => {
      const user = addressOf(privateKey);
      const channel = { system, user, token, epoch: 0n };
      const signTimed = (hash: Hash) => timed(counters, () => sign(hash, privateKey));
      const wallet = Wallet.create({
        sign: signTimed,
        channel,
        asset,
        domain,
        signers,
        api,
        store: walletStore,
        verifier,
      });
      service.announcements.notes.add(user, (delivery) => {
        const before = receiving.get(user) ?? Promise.resolve();
        receiving.set(
          user,
          before.then(() => wallet.receive(delivery)),
        );
      });
      return wallet;
    },
    received: (account) => receiving.get(account) ?? Promise.resolve(),
    close,
    stop: async () => {
      await close();
      node.stop();
    },
  };
}

/** Takes a transaction into the figures. */
export function countTransaction({ counters }: World, { gasUsed }: { readonly gasUsed: bigint }): void {
  counters.transactions += 1;
  counters.gas += gasUsed;
}

function timed<T>(counters: Counters, act: () => T): T {
  const start = process.hrtime.bigint();
  const result = act();
  counters.clientSigningNanos += process.hrtime.bigint() - start;
  counters.clientSignatures += 1;
  return result;
}
