import { Keystore } from "../../src/service";
import type { WebhookTerms } from "../../src/service/webhooks/terms";
import { Webhooks, type WebhookOptions } from "../../src/service/webhooks/webhooks";
import type { Store } from "../../src/store";
import { afterTest } from "./afterTest";
import { SYSTEM } from "./service";

const keystore = new Keystore("a secret", `0x${"5a".repeat(16)}`);

/** Tries again soon; however busy the machine, an answer that comes is in time. */
export const QUICK = { first: 20, longest: 40, patience: 300_000, timeout: 60_000 };

/** The webhooks of a process that may tell anybody; they stop with the test. */
export function startWebhooks(
  context: Mocha.Context,
  { webhooks: store }: Pick<Store, "webhooks">,
  options: Partial<WebhookOptions> = {},
) {
  const bodyOf: WebhookOptions["bodyOf"] = ({ number, type }) => JSON.stringify({ type, number: number.toString() });
  const webhooks = new Webhooks({ store, keystore, bodyOf, isAnyTarget: true, policy: QUICK, ...options });
  afterTest(context, () => webhooks.stop());
  return webhooks;
}

let keys = 0;

/** An endpoint that is told of everything from the beginning, unless said otherwise. */
export function addEndpoint(webhooks: Webhooks, url: string, terms: Partial<WebhookTerms & { after: bigint }> = {}) {
  const request = { system: SYSTEM, url, description: "", types: null, account: null, after: 0n, ...terms };
  return webhooks.create(request, "operator", `endpoint-${(keys += 1)}`);
}
