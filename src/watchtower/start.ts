import { connect } from "../chain";
import { rpcNode } from "../chain/watch";
import { fail, type StarledgerError } from "../errors";
import { logTo, type App } from "../http";
import { openDatabase } from "../store";
import { OutboxItems } from "../store/outboxItems";
import { openKey, openSecret, type Key, type Opening } from "../signer";
import { Appointments } from "./appointments";
import { ChainWatch } from "./chainWatch";
import { Closes } from "./closes";
import { createTowerServer } from "./http/server";
import { TowerMetrics } from "./metrics";
import { MIGRATIONS } from "./migrations";
import type { TowerChainConfig, TowerConfig } from "./settings";
import { Tower } from "./tower";

/** Seconds until a transaction that is not mined is sent with more. */
const PATIENCE = 60n;
/** Wei: some dozens of answers at a usual price. */
const LEAST_BALANCE = 10n ** 17n;

/** A watchtower that watches and answers. */
export interface RunningTower {
  readonly url: string;
  readonly tower: Tower;
  readonly stop: () => Promise<void>;
}

/**
 * Starts a watchtower; what was started is stopped again if the rest does not.
 * @throws chain_unreachable, wrong_chain, unknown_store, newer_schema, store_failed, invalid_configuration, and what {@link openKey}
 * throws
 */
export async function startTower(config: TowerConfig): Promise<RunningTower> {
  const ends: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const database = await openDatabase(config.store, MIGRATIONS);
    ends.push(() => database.close());
    const appointments = new Appointments(database.query);
    const closes = new Closes(database.query);
    const items = new OutboxItems(database.query);
    const metrics = new TowerMetrics();
    metrics.measureProcess();
    const log: { app?: App } = {};
    const { passphrase, patience } = config.keys;
    const keys = { passphrase: passphrase === null ? null : await openSecret(passphrase, patience), patience };
    const chains: ChainWatch[] = [];
    for (const { rpc, quorum, hubs, systems, gasKeys: references, finality } of config.chains) {
      const provider = await connect(rpc, quorum);
      ends.push(() => provider.destroy());
      const { chainId } = await provider.getNetwork();
      const onTrouble = ({ code, details }: StarledgerError): void => {
        metrics.troubled(chainId, code);
        log.app?.log.warn({ chainId: String(chainId), code, details }, "the chain");
      };
      const chain = await ChainWatch.create({
        ...{ chainId, provider, hubs, systems, finality, appointments, closes, onTrouble },
        gasKeys: await openGasKeys(references, keys),
        node: rpcNode(provider),
        fees: { cap: config.gasCap, patience: PATIENCE },
        leastBalance: LEAST_BALANCE,
        window: config.window,
        interval: config.interval,
        range: undefined,
        items,
        onFinished: (item) => metrics.answered(item),
      });
      chains.push(chain);
    }
    const ids = chains.map(({ chainId }) => chainId);
    if (new Set(ids).size < ids.length) fail("invalid_configuration", { reason: "two nodes of one chain" });
    // Its nonces would be confused.
    const senders = chains.flatMap((chain) => chain.senders);
    if (new Set(senders).size < senders.length) fail("invalid_configuration", { reason: "one gas key twice" });
    const { leastShare, quota, keep, publicUrl, perMinute, trustedProxies } = config;
    const tower = new Tower({
      ...{ database, appointments, closes, items, chains, leastShare, quota, keep, now: Date.now },
      onTrouble: ({ code, details }) => log.app?.log.warn({ code, details }, "forgetting what is over"),
    });
    metrics.watch(tower, appointments);
    const logger = logTo(process.stderr, config.logLevel);
    const app = await createTowerServer({
      ...{ tower, metrics, publicUrl, perMinute, trustedProxies, now: Date.now, logger },
    });
    log.app = app;
    ends.push(() => app.close());
    const url = await app.listen({ host: config.host, port: config.port });
    tower.start();
    ends.push(() => tower.stop());
    return { url, tower, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @throws what {@link openKey} throws */
async function openGasKeys([first, ...others]: TowerChainConfig["gasKeys"], keys: Opening) {
  const open = (reference: string): Promise<Key> => openKey(reference, keys);
  return [await open(first), ...(await Promise.all(others.map(open)))] as const;
}
