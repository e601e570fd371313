import type { AddressInfo } from "node:net";

import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";

import { readAsset } from "../chain/assets";
import { defaultAllotment } from "../protocol";
import { openStore } from "../store";
import { AccountService } from "./accountService";
import { Caretaker } from "./caretaker";
import { chainReader } from "./chainReader";
import type { CommitReport } from "./commitReport";
import { connectChain, startLocalChain, type SystemChain } from "./chain";
import type { Config } from "./config";
import { createServer, logTo } from "./http";
import { Keystore } from "./keystore";
import { Reconciler } from "./reconciler";
import { Services } from "./services";
import { Sweeper } from "./sweeper";
import { Metrics } from "./telemetry/metrics";
import { Tracing } from "./telemetry/tracing";

/** A service that answers. */
export interface Running {
  readonly url: string;
  readonly chain: SystemChain;
  /** Takes no more, carries out and answers what was accepted, and gives up the lead. */
  stop(): Promise<void>;
}

/**
 * Starts all that is configured; what was started is stopped again if the rest does not.
 * @throws store_failed, unknown_store, newer_schema, store_corrupt, invalid_input, unknown_asset
 */
export async function start(config: Config): Promise<Running> {
  const started: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of started.splice(0).reverse()) await end();
  };
  try {
    const { signerKey } = config;
    const chain = config.chain === null ? await startLocalChain(signerKey) : await connectChain(config.chain);
    started.push(() => chain.stop());
    const store = await openStore(config.store);
    started.push(() => store.close());
    const { domain, system } = chain;
    const sweeper = new Sweeper({ store, idempotencyTtl: config.http.idempotencyTtl });
    started.push(() => sweeper.stop());
    const keystore = new Keystore(config.secret, config.salt);
    const metrics = new Metrics();
    metrics.measureProcess();
    const exporter = config.tracesUrl === null ? null : new OTLPTraceExporter({ url: config.tracesUrl });
    const tracing = exporter === null ? undefined : new Tracing(exporter);
    started.push(() => tracing?.stop());
    const observe = (report: CommitReport) => {
      metrics.committed(report);
      tracing?.committed(report);
    };
    const service = await AccountService.start({ store, domain, system, signerKey, keystore, observe });
    started.push(() => service.stop());
    const caretaker = new Caretaker(service);
    started.push(() => caretaker.stop());
    await takeOverAssets(service, chain);
    const logger = logTo(process.stderr, config.logLevel);
    const services = new Services([service]);
    const { operatorKey, http: settings } = config;
    const reconciler = new Reconciler(services, metrics, new Map([[system, chainReader(chain)]]));
    const app = await createServer({
      services,
      store,
      keystore,
      operatorKey,
      settings,
      metrics,
      tracing,
      reconciler,
      logger,
    });
    started.push(() => app.close());
    if (config.reconciliationInterval > 0) reconciler.start(config.reconciliationInterval, app.log);
    started.push(() => reconciler.stop());
    await app.listen({ host: config.host, port: config.port });
    const { address, family, port } = app.server.address() as AddressInfo;
    return { url: `http://${family === "IPv6" ? `[${address}]` : address}:${port}`, chain, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Lists what the hub lists and this service does not yet; what the system may owe is as the chain says now. */
async function takeOverAssets(service: AccountService, { runner, domain, system, tokens }: SystemChain): Promise<void> {
  const known = new Set([...service.assets()].map(({ token }) => token));
  for (const token of tokens) {
    const { limit, ...terms } = await readAsset(runner, domain.hub, system, token);
    const asset = { system, token, ...terms, allotment: defaultAllotment(terms.decimals), limit };
    if (known.has(token)) await service.submit({ type: "setLimit", system, token, limit });
    else await service.submit({ type: "addAsset", asset });
  }
}
