import type { AddressInfo } from "node:net";

import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";

import type { ListedAsset } from "../chain/assets";
import { fail, type StarledgerError } from "../errors";
import type { Address, Domain } from "../protocol";
import { openSecret } from "../signer";
import { openStore, type Lease, type Store } from "../store";
import { AccountService } from "./accountService";
import { Breaker } from "./breaker";
import { Campaign } from "./campaign";
import { Caretaker } from "./caretaker";
import { DayCloser } from "./dayCloser";
import type { ChainSide } from "./chainSide";
import type { System } from "./chain";
import type { Config } from "./config";
import type { CommitReport } from "./commitReport";
import { createServer, logTo, type ShownSetting, type Surroundings } from "./http";
import { Forwarder } from "./crossing";
import { Keystore } from "./keystore";
import { Publishers } from "./liabilities/publishers";
import { Listings } from "./listings";
import { Reconciler } from "./reconciler";
import type { ChainReader } from "./reconciliation";
import { Services } from "./services";
import { Sweeper } from "./sweeper";
import { Metrics } from "./telemetry/metrics";
import { Tracing } from "./telemetry/tracing";

/** What a host serves, and where its hub is asked. */
export interface Hosted {
  readonly domain: Domain;
  readonly systems: readonly System[];
  /** What wallets are told of; nothing unless given. */
  readonly surroundings?: Surroundings;
  /** What is told of the configuration; nothing unless given. */
  readonly settings?: readonly ShownSetting[];
  /** The folder with the built console; without it none is served. */
  readonly console?: string | undefined;
  /** Reads a listing from the hub. */
  readonly read: (system: Address, token: Address) => Promise<ListedAsset>;
  /** Whether a key is one of a system's signers on the hub; without it only those that are configured are. */
  readonly isSigner?: (system: Address, signer: Address) => Promise<boolean>;
  /** The contract that publications are anchored by. */
  readonly anchor?: Address;
  /** How to read what the chain holds of each system; those without are compared with log and store alone. */
  readonly chains?: ReadonlyMap<Address, ChainReader>;
  /** Keeps a service that leads its system up with the chain, until it is stopped; without it, others must. */
  readonly follow?: (
    service: AccountService,
    store: Store,
    log: (trouble: StarledgerError) => void,
  ) => Promise<ChainSide>;
}

/** A host that answers. */
export interface Host {
  readonly url: string;
  /** Takes no more, carries out and answers what was accepted, and gives up the lead. */
  readonly stop: () => Promise<void>;
}

/**
 * Serves the systems over HTTP: those that this process leads by itself, those that others on the same database lead by
 * asking them. Resolves when it has tried to lead each once; what others lead is not waited for.
 * @throws store_failed, unknown_store, newer_schema
 */
export async function host(config: Config, hosted: Hosted): Promise<Host> {
  const {
    domain,
    systems,
    read,
    isSigner,
    chains,
    follow,
    anchor,
    surroundings,
    settings: shown,
    console: folder,
  } = hosted;
  const started: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of started.splice(0).reverse()) await end();
  };
  try {
    const store = await openStore(config.store);
    started.push(() => store.close());
    const sweeper = new Sweeper({ store, idempotencyTtl: config.http.idempotencyTtl });
    started.push(() => sweeper.stop());
    const keystore = new Keystore(await secretOf(config), config.salt);
    const settings = new Map(systems.map((one) => [one.address, one]));
    const identities = systems.map(({ address, signer }) => ({ system: address, domain, signer: signer.address }));
    const services = new Services([], identities);
    const onError = (error: unknown): void => app.log.error(error);
    const tokensOf = (system: Address) => settings.get(system)?.tokens ?? [];
    const metrics = new Metrics();
    metrics.measureProcess();
    const tellBacking = ({ code, details }: StarledgerError, { identity: { system } }: AccountService): void =>
      app.log.error({ system, code, details }, "the backing");
    const breaker = new Breaker(config, tellBacking, (level, isLow) => metrics.levelSeen(level, isLow));
    const listings = new Listings({ services, read, tokensOf, interval: config.assetInterval, breaker, onError });
    started.push(() => listings.stop());
    const publishers = new Publishers(anchor);
    const caretakers = new Map<AccountService, Caretaker>();
    const dayClosers = new Map<AccountService, DayCloser>();
    const forwarders = new Map<AccountService, Forwarder>();
    const sides = new Map<AccountService, ChainSide>();
    const exporter = config.tracesUrl === null ? null : new OTLPTraceExporter({ url: config.tracesUrl });
    const tracing = exporter === null ? undefined : new Tracing(exporter);
    started.push(() => tracing?.stop());
    const observe = (report: CommitReport): void => {
      metrics.committed(report);
      tracing?.committed(report);
    };
    const serve = async (lease: Lease): Promise<AccountService> => {
      const { system } = lease;
      const { signer } = settings.get(system) ?? fail("unknown_system", { system });
      const signers = isSigner && { isSigner: (one: Address) => isSigner(system, one) };
      const parts = { store, domain, system, signer, keystore, observe, ...signers };
      const service = await AccountService.startWith(parts, lease);
      try {
        await attend(service);
      } catch (error) {
        // The lead is given up: another process may fare better, or this one later.
        await retire(service);
        await service.stop();
        throw error;
      }
      return service;
    };
    const attend = async (service: AccountService): Promise<void> => {
      const { system } = service.identity;
      await listings.takeOver(service);
      caretakers.set(service, new Caretaker(service));
      dayClosers.set(service, new DayCloser({ store, system }));
      if (systems.length > 1) {
        const onTrouble = (trouble: StarledgerError): void =>
          app.log.warn({ system, code: trouble.code, details: trouble.details }, "a payment to or from another system");
        forwarders.set(service, new Forwarder({ service, store, keystore, onTrouble }));
      }
      const side = await follow?.(service, store, (trouble) =>
        app.log.warn({ system, code: trouble.code, ...toldOf(trouble) }, "the chain"),
      );
      if (side !== undefined) sides.set(service, side);
      if (side?.publisher !== undefined) publishers.add(service, side.publisher);
      side?.start();
    };
    const retire = async (service: AccountService): Promise<void> => {
      publishers.remove(service);
      await forwarders.get(service)?.stop();
      await dayClosers.get(service)?.stop();
      await Promise.all([caretakers.get(service)?.stop(), sides.get(service)?.stop()]);
      forwarders.delete(service);
      caretakers.delete(service);
      dayClosers.delete(service);
      sides.delete(service);
    };
    const { operatorKey, publicUrl, leaseTtl: ttl, http } = config;
    const logger = logTo(process.stderr, config.logLevel);
    const reconciler = new Reconciler(services, metrics, chains, breaker);
    const parts = { services, sides, store, keystore, listings, publishers, publicUrl, operatorKey, settings: http };
    const told = { ...(surroundings && { surroundings }), ...(shown && { shown }) };
    const pages = { ...told, ...(folder !== undefined && { console: folder }) };
    const app = await createServer({ ...parts, ...pages, metrics, tracing, reconciler, logger });
    started.push(() => app.close());
    await app.listen({ host: config.host, port: config.port });
    const url = urlOf(app.server.address() as AddressInfo);
    const campaign = new Campaign({ store, services, serve, retire, url: config.peerUrl ?? url, ttl, onError });
    // Whoever is connected is answered before the lead is given up.
    started.splice(-1, 0, () => campaign.stop());
    await campaign.start();
    listings.start();
    if (config.reconciliationInterval > 0) reconciler.start(config.reconciliationInterval, app.log);
    started.push(() => reconciler.stop());
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function secretOf({ secret, keys }: Config): Promise<string> {
  const opened = await openSecret(secret, keys.patience);
  return opened.length < 16 ? fail("invalid_configuration", { malformed: "STARLEDGER_KEYSTORE_SECRET" }) : opened;
}

/** What a node answered may name its address, which may be a secret. */
function toldOf({ code, details }: StarledgerError): { readonly details?: StarledgerError["details"] } {
  return code === "chain_unreachable" || code === "internal" ? {} : { details };
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}
