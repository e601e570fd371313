import { randomBytes } from "node:crypto";

import type { LedgerEvent } from "../../engine";
import type { Delivery, Webhook } from "../../store";
import type { WebhookSecrets } from "./secrets";
import type { Sender } from "./sender";
import { signedHead } from "./sign";

/** What makes and sends deliveries. */
export interface MessengerParts {
  readonly sender: Sender;
  readonly secrets: WebhookSecrets;
  /** The body of an event's delivery. */
  readonly bodyOf: (event: LedgerEvent) => string;
  /** Milliseconds, from the connection to the answer. */
  readonly timeout: number;
}

/** Tells an endpoint of an event, once. */
export class Messenger {
  private made = 0;

  constructor(private readonly parts: MessengerParts) {}

  /** Resolves with what came of it, whatever that is. */
  async attempt(webhook: Webhook, event: LedgerEvent, cut?: AbortSignal): Promise<Delivery> {
    const { sender, secrets, bodyOf, timeout } = this.parts;
    const time = Date.now();
    const body = bodyOf(event);
    const message = { id: `evt_${event.system}_${event.number}`, time, body };
    const head = signedHead(message, secrets.signing(webhook, time));
    const inTime = AbortSignal.timeout(timeout);
    const signal = cut === undefined ? inTime : AbortSignal.any([inTime, cut]);
    const answer = await sender.post(webhook.url, head, body, signal);
    const duration = Date.now() - time;
    return { webhook: webhook.id, id: idAt(time, (this.made += 1)), event: event.number, time, ...answer, duration };
  }
}

/** An identifier of which the later one sorts after: made later, or by this process after the other. */
function idAt(time: number, made: number): string {
  return `${padded(time, 12)}${padded(made % 2 ** 32, 8)}${randomBytes(4).toString("hex")}`;
}

function padded(number: number, digits: number): string {
  return number.toString(16).padStart(digits, "0");
}
