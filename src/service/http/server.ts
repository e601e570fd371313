import { fastify, LogController, type FastifyServerOptions } from "fastify";
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";

import {
  boundConnections,
  connectionLimits,
  describeRoutes,
  drainOnClose,
  refuseUnknown,
  sendProblem,
  serveDocument,
} from "../../http";
import type { Store } from "../../store";
import { Crossing, Routes } from "../crossing";
import type { Keystore } from "../keystore";
import { Listings } from "../listings";
import { Publishers } from "../liabilities/publishers";
import { Reconciler } from "../reconciler";
import type { Services } from "../services";
import { Metrics } from "../telemetry/metrics";
import type { Tracing } from "../telemetry/tracing";
import type { Sides } from "../sides";
import type { Api } from "./api";
import { Authenticator, enforceAccess } from "./auth";
import { addConsole } from "./console";
import { forwardToLeaders } from "./forward";
import { guard } from "./guards";
import { observeRequests } from "./observe";
import { addPage, openPages } from "./page";
import { limitRates } from "./rateLimits";
import { Records } from "./records";
import { DEFAULT_HTTP_SETTINGS, type HttpSettings } from "./settings";
import type { ShownSetting } from "./shownSetting";
import { NO_SURROUNDINGS, type Surroundings } from "./surroundings";
import { accountListRoutes } from "./routes/accountLists";
import { accountRoutes } from "./routes/accounts";
import { activityRoutes } from "./routes/activity";
import { aliasRoutes } from "./routes/aliases";
import { apiKeyRoutes } from "./routes/apiKeys";
import { bulkAccountRoutes } from "./routes/bulkAccounts";
import { callerRoutes } from "./routes/callers";
import { channelRoutes } from "./routes/channels";
import { disputeRoutes } from "./routes/disputes";
import { eventRoutes } from "./routes/events";
import { exportRoutes } from "./routes/exports";
import { healthRoutes } from "./routes/health";
import { invoiceRoutes } from "./routes/invoices";
import { journalRoutes } from "./routes/journal";
import { lifecycleRoutes } from "./routes/lifecycle";
import { metricsRoutes } from "./routes/metrics";
import { paymentRecordRoutes } from "./routes/paymentRecords";
import { paymentRoutes } from "./routes/payments";
import { pendingDepositRoutes } from "./routes/pendingDeposits";
import { proofRoutes } from "./routes/proofs";
import { proofsPageRoute } from "./routes/proofsPage";
import { reconciliationRoutes } from "./routes/reconciliation";
import { receiptRoutes } from "./routes/receipts";
import { refundRoutes } from "./routes/refunds";
import { resynchronisationRoutes } from "./routes/resynchronisation";
import { routeRoutes } from "./routes/routes";
import { settingRoutes } from "./routes/settings";
import { signInRoutes } from "./routes/signIn";
import { statusRoutes } from "./routes/status";
import { recordRoutes } from "./routes/records";
import { statementRoutes } from "./routes/statements";
import { systemRoutes } from "./routes/systems";
import { termRoutes } from "./routes/terms";
import { transferRecordRoutes } from "./routes/transferRecords";
import { withdrawalRecordRoutes } from "./routes/withdrawalRecords";
import { webhookDeliveryRoutes } from "./routes/webhookDeliveries";
import { webhookRoutes } from "./routes/webhooks";
import { withdrawalRoutes } from "./routes/withdrawals";
import type { StreamLimits } from "./stream/limits";
import { prepareStream } from "./stream/route";
import type { Admit } from "./stream/session";
import { startWebhooks } from "./webhooks";

const ROUTES: readonly ((api: Api) => void)[] = [
  ...[lifecycleRoutes, aliasRoutes, exportRoutes],
  ...[
    accountRoutes,
    bulkAccountRoutes,
    accountListRoutes,
    paymentRoutes,
    channelRoutes,
    withdrawalRoutes,
    systemRoutes,
    healthRoutes,
  ],
  ...[invoiceRoutes, termRoutes, statementRoutes, activityRoutes],
  ...[signInRoutes, callerRoutes, apiKeyRoutes, eventRoutes],
  ...[recordRoutes, transferRecordRoutes, paymentRecordRoutes, withdrawalRecordRoutes, refundRoutes],
  ...[pendingDepositRoutes, receiptRoutes, disputeRoutes, routeRoutes, resynchronisationRoutes],
  ...[statusRoutes, settingRoutes, metricsRoutes, reconciliationRoutes, webhookRoutes, webhookDeliveryRoutes],
  ...[proofRoutes, proofsPageRoute, journalRoutes],
];

/** What the HTTP API is made of. */
export interface HttpOptions {
  readonly services: Services;
  /** None unless given. */
  readonly sides?: Sides;
  readonly store: Store;
  readonly keystore: Keystore;
  /** What reads listings from the hub; without it there is none. */
  readonly listings?: Listings;
  /** What publishes what systems owe; none unless given. */
  readonly publishers?: Publishers;
  /** Where users reach it; its host is what names of accounts end with, `localhost` unless given. */
  readonly publicUrl?: string | null;
  readonly operatorKey: string;
  /** What wallets are told of; nothing unless given. */
  readonly surroundings?: Surroundings;
  /** What whoever runs the service is told of its configuration; nothing unless given. */
  readonly shown?: readonly ShownSetting[];
  /** The folder with the built console, to be served at `/`; none is served unless given. */
  readonly console?: string;
  /** Those that are not given are as by default. */
  readonly settings?: Partial<HttpSettings>;
  readonly streamLimits?: StreamLimits;
  /** Unix milliseconds. */
  readonly now?: () => number;
  /** What is counted; its own unless given. */
  readonly metrics?: Metrics;
  /** None unless given. */
  readonly tracing?: Tracing | undefined;
  /** What compares the records; without the chain unless given. */
  readonly reconciler?: Reconciler;
  /** Nothing is logged unless given. */
  readonly logger?: FastifyServerOptions["logger"];
}

/**
 * The HTTP API of account services, ready to listen. Closed, it takes no more connections, answers what is under way, and
 * resolves; the services are to be stopped after that.
 */
export async function createServer(options: HttpOptions): Promise<Api["app"]> {
  const { services, store, keystore, operatorKey, publicUrl, logger = false, now = Date.now } = options;
  const {
    metrics = new Metrics(),
    reconciler = new Reconciler(services, metrics),
    listings = Listings.none(services),
    publishers = new Publishers(),
    surroundings = NO_SURROUNDINGS,
    shown = [],
  } = options;
  const { sides = new Map<never, never>() } = options;
  const settings = { ...DEFAULT_HTTP_SETTINGS, ...options.settings };
  const app = fastify({
    logger,
    ...connectionLimits(settings.requestTimeout),
    trustProxy: settings.trustedProxies === null ? false : [...settings.trustedProxies],
    // Requests are logged where they are counted.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "request" }),
    // Whoever is connected is answered by the service itself while it stops.
    return503OnClosing: false,
    frameworkErrors: sendProblem,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  refuseUnknown(app);
  app.removeContentTypeParser("text/plain");
  drainOnClose(app);
  boundConnections(app.server, settings.trustedProxies ?? [], settings.connections);
  metrics.watch(services, sides);
  observeRequests(app, metrics, options.tracing);
  await describeRoutes(app, {
    title: "Starledger",
    description:
      "Accounts that are payment channels. Amounts are base units as decimal strings; times are RFC 3339, signed deadlines Unix seconds.",
  });
  const addStream = await prepareStream(app, options.streamLimits);
  const requireTime = await guard(app, settings);
  const { callerOf } = new Authenticator(operatorKey, store, now);
  openPages(app);
  const count = await limitRates(app, settings.rates);
  enforceAccess(app, callerOf, count);

  const host = publicUrl ? new URL(publicUrl).host : "localhost";
  const records = new Records(services, store);
  const crossing = new Crossing({ services, store, keystore });
  const routes = new Routes({ services, store, keystore }, crossing);
  const webhooks = startWebhooks({ app, services, store, keystore, settings, metrics });
  const shared = {
    services,
    sides,
    store,
    keystore,
    records,
    crossing,
    routes,
    listings,
    publishers,
    webhooks,
    reconciler,
    metrics,
  };
  const api: Api = { app, ...shared, now, settings, host, surroundings, shown };
  await forwardToLeaders(api);
  const admit: Admit = (request) => {
    requireTime();
    return count(request);
  };
  addStream(api, { callerOf, admit });
  for (const add of ROUTES) add(api);
  await addPage(app);
  if (options.console !== undefined) await addConsole(app, options.console, surroundings);
  serveDocument(app, { access: "anyone" });
  await app.ready();
  return app;
}
