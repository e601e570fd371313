import { z } from "zod";

import * as wire from "../../wire";
import { Webhooks } from "../webhooks/webhooks";
import type { Api } from "./api";

type Parts = Pick<Api, "app" | "services" | "store" | "keystore" | "settings">;

/** Tells endpoints what happens in the systems that this process leads, as `GET /v1/events` does, until the server closes. */
export function startWebhooks({ app, services, store, keystore, settings }: Parts): Webhooks {
  const webhooks = new Webhooks({
    store: store.webhooks,
    keystore,
    bodyOf: (event) => JSON.stringify(z.encode(wire.event, event)),
    isAnyTarget: settings.isAnyWebhookTarget,
    onFailed: ({ id, system }) => app.log.warn({ webhook: id, system }, "a webhook is given up"),
  });
  webhooks.watch(services);
  app.addHook("onClose", () => webhooks.stop());
  return webhooks;
}
