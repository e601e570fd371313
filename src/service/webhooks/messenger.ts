import { randomBytes } from "node:crypto";

import type { LedgerEvent } from "../../engine";
import type { Delivery, Webhook } from "../../store";
import type { WebhookSecrets } from "./secrets";
import type { Sender } from "./sender";
import { signedHead } from "./sign";

/** The type of a test. */
const PING = "webhook.ping";

/** What makes and sends deliveries. */
export interface MessengerParts {
  readonly sender: Sender;
  readonly secrets: WebhookSecrets;
  /** The body of an event's delivery. */
  readonly bodyOf: (event: LedgerEvent) => string;
  /** Milliseconds, from the connection to the answer. */
  readonly timeout: number;
}

/** What is sent, and of which event it tells. */
interface Content {
  readonly id: string;
  readonly event: bigint;
  readonly body: string;
}

/** Sends to endpoints, once each time; resolves with what came of it, whatever that is. */
export class Messenger {
  private made = 0;

  constructor(private readonly parts: MessengerParts) {}

  /** Tells an endpoint of an event, under the same id each time. */
  tell(webhook: Webhook, event: LedgerEvent, cut: AbortSignal): Promise<Delivery> {
    const id = `evt_${event.system}_${event.number}`;
    return this.attempt(webhook, { id, event: event.number, body: this.parts.bodyOf(event) }, cut);
  }

  /** Tells it of nothing: a test. */
  ping(webhook: Webhook, cut: AbortSignal): Promise<Delivery> {
    const { id, system } = webhook;
    const body = JSON.stringify({ type: PING, system, webhook: id, time: new Date().toISOString() });
    return this.attempt(webhook, { id: `ping_${randomBytes(16).toString("hex")}`, event: 0n, body }, cut);
  }

  private async attempt(webhook: Webhook, { id, event, body }: Content, cut: AbortSignal): Promise<Delivery> {
    const { sender, secrets, timeout } = this.parts;
    const time = Date.now();
    const head = signedHead({ id, time, body }, secrets.signing(webhook, time));
    const signal = AbortSignal.any([AbortSignal.timeout(timeout), cut]);
    const answer = await sender.post(webhook.url, head, body, signal);
    const duration = Date.now() - time;
    const made = idAt(time, (this.made += 1));
    return { webhook: webhook.id, id: made, event, request: null, time, ...answer, duration };
  }
}

/** An identifier of which the later one sorts after: made later, or by this process after the other. */
function idAt(time: number, made: number): string {
  return `${padded(time, 12)}${padded(made % 2 ** 32, 8)}${randomBytes(4).toString("hex")}`;
}

function padded(number: number, digits: number): string {
  return number.toString(16).padStart(digits, "0");
}
