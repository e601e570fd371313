import { fastify, type FastifyServerOptions } from "fastify";
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";

import { StarledgerError } from "../../errors";
import type { Store } from "../../store";
import type { Keystore } from "../keystore";
import type { Services } from "../services";
import type { Api } from "./api";
import { Authenticator, enforceAccess } from "./auth";
import { connectionLimits } from "./connections";
import { describeRoutes } from "./document";
import { drainOnClose } from "./drain";
import { guard } from "./guards";
import { sendProblem } from "./problems";
import { limitRates } from "./rateLimits";
import { DEFAULT_HTTP_SETTINGS, type HttpSettings } from "./settings";
import { accountRoutes } from "./routes/accounts";
import { apiKeyRoutes } from "./routes/apiKeys";
import { channelRoutes } from "./routes/channels";
import { healthRoutes } from "./routes/health";
import { invoiceRoutes } from "./routes/invoices";
import { paymentRoutes } from "./routes/payments";
import { signInRoutes } from "./routes/signIn";
import { systemRoutes } from "./routes/systems";
import { termRoutes } from "./routes/terms";
import { withdrawalRoutes } from "./routes/withdrawals";
import type { StreamLimits } from "./stream/limits";
import { prepareStream } from "./stream/route";

/** What the HTTP API is made of. */
export interface HttpOptions {
  readonly services: Services;
  readonly store: Store;
  readonly keystore: Keystore;
  readonly operatorKey: string;
  /** Those that are not given are as by default. */
  readonly settings?: Partial<HttpSettings>;
  readonly streamLimits?: StreamLimits;
  /** Unix milliseconds. */
  readonly now?: () => number;
  /** Nothing is logged unless given. */
  readonly logger?: FastifyServerOptions["logger"];
}

/**
 * The HTTP API of account services, ready to listen. Closed, it takes no more connections, answers what is under way, and
 * resolves; the services are to be stopped after that.
 */
export async function createServer(options: HttpOptions): Promise<Api["app"]> {
  const { services, store, keystore, operatorKey, logger = false, now = Date.now } = options;
  const settings = { ...DEFAULT_HTTP_SETTINGS, ...options.settings };
  const app = fastify({
    logger,
    ...connectionLimits(settings.requestTimeout),
    trustProxy: settings.trustedProxies === null ? false : [...settings.trustedProxies],
    // Whoever is connected is answered by the service itself while it stops.
    return503OnClosing: false,
    frameworkErrors: sendProblem,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler(({ method, url }) => {
    throw new StarledgerError("unknown_route", { method, url });
  });
  app.removeContentTypeParser("text/plain");
  drainOnClose(app);
  await describeRoutes(app);
  const addStream = await prepareStream(app, options.streamLimits);
  await guard(app, settings);
  const { callerOf } = new Authenticator(operatorKey, store, now);
  enforceAccess(app, callerOf, await limitRates(app, settings.rates));

  const api: Api = { app, services, store, keystore, now, settings };
  addStream(api, callerOf);
  for (const routes of [
    accountRoutes,
    paymentRoutes,
    invoiceRoutes,
    termRoutes,
    channelRoutes,
    withdrawalRoutes,
    systemRoutes,
    healthRoutes,
    signInRoutes,
    apiKeyRoutes,
  ]) {
    routes(api);
  }
  app.get("/openapi.json", { config: { access: "anyone" }, schema: { hide: true } }, () => app.swagger());
  await app.ready();
  return app;
}
