import { z } from "zod";

import * as wire from "../../wire";
import { Webhooks } from "../webhooks/webhooks";
import type { Api } from "./api";

type Parts = Pick<Api, "app" | "services" | "store" | "keystore" | "settings" | "metrics">;

/** Tells endpoints what happens in the systems that this process leads, as `GET /v1/events` does, until the server closes. */
export function startWebhooks({ app, services, store, keystore, settings, metrics }: Parts): Webhooks {
  const webhooks = new Webhooks({
    store: store.webhooks,
    keystore,
    bodyOf: (event) => JSON.stringify(z.encode(wire.event, event)),
    isAnyTarget: settings.isAnyWebhookTarget,
    onFailed: ({ id: webhook, system, generation, progress: { position } }) => {
      app.log.warn({ webhook, system }, "a webhook is given up");
      metrics.webhookGivenUp(system);
      const told = services
        .find(system)
        ?.submit({ type: "giveUpWebhook", webhook, position }, `${webhook}:${generation}`);
      told?.catch((error: unknown) => app.log.error(error, "not told that a webhook is given up"));
    },
  });
  webhooks.watch(services);
  app.addHook("onClose", () => webhooks.stop());
  return webhooks;
}
