import type { CommandOf } from "../commands";
import { fact } from "../events";
import type { Changes } from "../view";

/** Tells in the log that a webhook is told nothing more. */
export function giveUpWebhook({ webhook, position }: CommandOf<"giveUpWebhook">): Changes {
  return { events: [fact("webhook.givenUp", { webhook, position }, {})] };
}
