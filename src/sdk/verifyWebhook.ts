import type * as z from "zod";

import { fail } from "../errors";
import { webhookBody, type event } from "../wire";

/** What came in at a webhook's receiver. */
export interface ReceivedWebhook {
  /** The body as it came, byte for byte: what is signed is lost where it is parsed and written again. */
  readonly body: string | Uint8Array;
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** `whsec_…`; several while one replaces another. */
  readonly secret: string | readonly string[];
  /** Seconds by which the sender's clock may differ, and the delivery be late; 300 by default. */
  readonly tolerance?: number;
  /** Unix milliseconds; the machine's clock by default. */
  readonly now?: number;
}

/** A delivery that is the service's own. */
export interface WebhookMessage {
  /** The same each time that this is delivered: whoever has seen it has nothing more to do. */
  readonly id: string;
  readonly type: string;
  /** What happened; undefined for a test (`webhook.ping`), and for a type that is newer than this program. */
  readonly event: z.output<typeof event> | undefined;
  /** The body as JSON. */
  readonly content: unknown;
}

const TOLERANCE = 300;
const HMAC = { name: "HMAC", hash: "SHA-256" };
const encoder = new TextEncoder();

/**
 * Checks that a delivery was signed with one of the secrets, lately (Standard Webhooks 1.0): signatures are compared in
 * constant time, and one that fits is enough.
 * @throws invalid_webhook if it was not, stale_webhook if that was too long ago or is yet to come
 */
export async function verifyWebhook(received: ReceivedWebhook): Promise<WebhookMessage> {
  const { headers, secret, tolerance = TOLERANCE, now = Date.now() } = received;
  const [id, timestamp, signatures] = [
    headerOf(headers, "webhook-id"),
    headerOf(headers, "webhook-timestamp"),
    headerOf(headers, "webhook-signature"),
  ];
  const seconds = /^[0-9]{1,12}$/.test(timestamp) ? Number(timestamp) : invalid("webhook-timestamp is no time");
  const text = typeof received.body === "string" ? received.body : new TextDecoder().decode(received.body);
  const signed = encoder.encode(`${id}.${timestamp}.${text}`);
  const given = signatures.split(" ").flatMap(signatureIn);
  if (!(await isSigned(signed, given, [secret].flat()))) invalid("no signature fits");
  // Only what is signed says when it was.
  if (Math.abs(now / 1_000 - seconds) > tolerance)
    fail("stale_webhook", { sent: timestamp, now: Math.floor(now / 1_000) });
  return { id, ...contentOf(text) };
}

async function isSigned(signed: BufferSource, signatures: readonly BufferSource[], secrets: readonly string[]) {
  for (const secret of secrets) {
    const bytes = bytesOf(secret.replace(/^whsec_/, "")) ?? invalid("a secret is not base64");
    const key = await crypto.subtle.importKey("raw", bytes, HMAC, false, ["verify"]);
    for (const signature of signatures) if (await crypto.subtle.verify("HMAC", key, signature, signed)) return true;
  }
  return false;
}

function headerOf(headers: ReceivedWebhook["headers"], name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : headers[name];
  return typeof value === "string" ? value : invalid(`no ${name}`);
}

/** Those of a newer scheme are not for this program. */
function signatureIn(text: string) {
  return text.startsWith("v1,") ? (bytesOf(text.slice("v1,".length)) ?? []) : [];
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function contentOf(text: string): Omit<WebhookMessage, "id"> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    invalid("the body is no JSON");
  }
  const { type } = (content ?? {}) as { type?: unknown };
  if (typeof type !== "string") return invalid("the body has no type");
  const known = webhookBody.safeParse(content).data;
  return { type, event: known === undefined || known.type === "webhook.ping" ? undefined : known, content };
}

function invalid(reason: string): never {
  return fail("invalid_webhook", { reason });
}
