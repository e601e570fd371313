import { rmSync } from "node:fs";

import { Wallet } from "ethers";

import { type World } from "../../../scripts/demo/world";
import { type Deployment } from "../../../src/chain";
import { addressOf, keccakText, toAddress, ZERO_HASH, type Address } from "../../../src/protocol";
import { ChainSide, type ChainSideOptions } from "../../../src/service/chainSide";
import type { Publication } from "../../../src/store";
import { ILiabilityAnchor__factory, type ILiabilityAnchor } from "../../../typechain-types";
import { testWorld } from "../../helpers/worlds";

const GWEI = 10n ** 9n;

/** A system on a real node whose publications are made when a test says so. */
export interface Publishing {
  readonly world: World;
  readonly token: Address;
  readonly coin: Address;
  readonly deployment: Deployment;
  readonly anchor: ILiabilityAnchor;
  /** What the chain sides were troubled by. */
  readonly troubles: string[];
  /** Unix seconds, as chain sides take them. */
  time: bigint;
  readonly side: (options?: Partial<ChainSideOptions>) => Promise<ChainSide>;
  /** Looks, mines, and looks again until what was published is final. */
  readonly finish: (chain: ChainSide, of?: Address) => Promise<void>;
  readonly publish: (chain: ChainSide, of?: Address) => Promise<Publication>;
  /** A hosted account of this name with so many points. */
  readonly customer: (name: string, points: bigint) => Promise<Address>;
  readonly publications: (of?: Address) => Promise<Publication[]>;
  readonly stop: () => Promise<void>;
}

export async function startPublishing(): Promise<Publishing> {
  const world = await testWorld();
  const { service, store, node, system, deployment } = world;
  const token = toAddress(await world.points.getAddress());
  const publishing: Publishing = {
    ...{ world, token, deployment, troubles: [], time: 1_800_000_000n },
    coin: toAddress(await world.coin.getAddress()),
    anchor: ILiabilityAnchor__factory.connect(deployment.anchor, node.provider),
    side: (options = {}) =>
      ChainSide.create({
        ...{ service, store, deployment, provider: node.provider },
        finality: { confirmations: 1 },
        senders: [new Wallet(node.privateKey(0), node.provider)],
        fees: { cap: 500n * GWEI, patience: 60n },
        settlement: { most: 3, patience: 60n, margin: 120n, ceiling: null, longest: 3_600n },
        ...{
          proofInterval: 0n,
          closeAfter: null,
          interval: 5,
          leastBalance: GWEI,
          dailyCap: null,
          now: () => publishing.time,
        },
        onTrouble: ({ message }) => void publishing.troubles.push(message),
        ...options,
      }),
    finish: async (chain, of = token) => {
      for (let i = 0; i < 10; i++) {
        await chain.look();
        await node.provider.send("hardhat_mine", ["0x2"]);
        const [last] = await store.publications.list(system, of, 1);
        if (last?.status === "final") return;
      }
      throw new Error("it is not final");
    },
    publish: async (chain, of = token) => {
      const wish = chain.publisher!.publish(of);
      await chain.look();
      const made = await wish;
      await publishing.finish(chain, of);
      return (await store.publications.find(system, of, made.statement.period))!;
    },
    customer: async (name, points) => {
      const privateKey = keccakText(name);
      await service.submit({ type: "openHostedAccount", privateKey, tokens: [token] });
      const account = addressOf(privateKey);
      if (points > 0n) await service.submit({ type: "issue", account, token, amount: points, reference: ZERO_HASH });
      return account;
    },
    publications: (of = token) => store.publications.list(system, of, 99),
    stop: async () => {
      await world.stop();
      rmSync(world.folder, { recursive: true });
    },
  };
  return publishing;
}
