import type { EventType } from "../engine";
import { fromHex, type Address, type Hash } from "../protocol";
import { hex, integer, type Query, type Row, type Value } from "./query";

/** `failed`: its receiver took nothing for so long that the service gave up. */
export type WebhookStatus = "enabled" | "disabled" | "failed";

/** An endpoint that is told what happens in a system. Times are Unix milliseconds. */
export interface Webhook {
  /** `wh_` and hexadecimal. */
  readonly id: string;
  readonly system: Address;
  /** The caller who made it. */
  readonly owner: string;
  /** The fingerprint of the request that made it. */
  readonly request: Hash;
  readonly url: string;
  readonly description: string;
  /** Null: of every type. */
  readonly types: readonly EventType[] | null;
  /** Null: of every account. */
  readonly account: Address | null;
  readonly status: WebhookStatus;
  /** Sealed. */
  readonly secret: string;
  /** The idempotency key under which the secret was made. */
  readonly rotation: string;
  /** The secret before, sealed; it signs too until {@link formerUntil}. */
  readonly formerSecret: string | null;
  readonly formerUntil: number;
  /** Rises with every change that is not progress. */
  readonly generation: bigint;
  readonly progress: Progress;
  readonly created: number;
}

/** How far an endpoint has come. */
export interface Progress {
  /** The number of the last event that it has taken; 0 before the first. */
  readonly position: bigint;
  /** Attempts in a row that failed. */
  readonly failures: number;
  /** The first of them; 0 if there is none. */
  readonly failingSince: number;
  /** Not before. */
  readonly nextAttempt: number;
}

/** One attempt to tell an endpoint of an event, or to reach it at all. */
export interface Delivery {
  readonly webhook: string;
  /** Sorts by time. */
  readonly id: string;
  /** 0 for a test, which tells of none. */
  readonly event: bigint;
  /** Whose request it was, under which key; null for what the service did by itself. */
  readonly request: string | null;
  readonly time: number;
  /** Of HTTP; null where there was no answer. */
  readonly status: number | null;
  /** The answer's beginning, or why there was none. */
  readonly response: string;
  /** Milliseconds. */
  readonly duration: number;
}

/** Which of an endpoint's deliveries, by their ids. */
export interface DeliveryQuery {
  readonly before?: string;
  readonly after?: string;
  readonly limit: number;
}

const COLUMNS = [
  ...["id", "system", "owner", "request", "url", "description", "types", "account", "status", "secret", "rotation"],
  ...[
    "former_secret",
    "former_until",
    "generation",
    "position",
    "failures",
    "failing_since",
    "next_attempt",
    "created",
  ],
];
/** Deliveries that are kept per endpoint. */
const KEPT = 1_000;
/** Sorts after every id, in the order of any locale: ids are hexadecimal. */
const AFTER_ALL = "g";

/** The endpoints of all systems, and their deliveries. */
export class Webhooks {
  constructor(private readonly query: Query) {}

  /** @returns false if there is one of this id */
  async add(webhook: Webhook): Promise<boolean> {
    const parameters = COLUMNS.map((_, i) => `$${i + 1}`).join(", ");
    const sql = `INSERT INTO webhooks (${COLUMNS.join(", ")}) VALUES (${parameters}) ON CONFLICT DO NOTHING RETURNING id`;
    return (await this.query(sql, ...valuesOf(webhook))).length > 0;
  }

  async get(id: string): Promise<Webhook | undefined> {
    const [row] = await this.query("SELECT * FROM webhooks WHERE id = $1", id);
    return row && webhookOf(row);
  }

  /** Those of a system, oldest first. */
  async of(system: Address): Promise<Webhook[]> {
    const sql = "SELECT * FROM webhooks WHERE system = $1 ORDER BY created, id";
    return (await this.query(sql, fromHex(system))).map(webhookOf);
  }

  /**
   * Replaces an endpoint that is still of the generation before.
   * @returns false if it has changed meanwhile, or is gone
   */
  async change(webhook: Webhook): Promise<boolean> {
    const assignments = COLUMNS.map((column, i) => `${column} = $${i + 1}`).slice(1);
    const sql = `UPDATE webhooks SET ${assignments.join(", ")}
      WHERE id = $1 AND generation = $${COLUMNS.length + 1} RETURNING id`;
    return (await this.query(sql, ...valuesOf(webhook), webhook.generation - 1n)).length > 0;
  }

  async remove(id: string): Promise<void> {
    await this.query("DELETE FROM webhooks WHERE id = $1", id);
    await this.query("DELETE FROM webhook_deliveries WHERE webhook = $1", id);
  }

  /**
   * Notes how far an endpoint has come, unless it has changed meanwhile.
   * @returns false if it has, or is gone
   */
  async advance({ id, generation }: Webhook, progress: Progress): Promise<boolean> {
    const sql = `UPDATE webhooks SET position = $3, failures = $4, failing_since = $5, next_attempt = $6
      WHERE id = $1 AND generation = $2 RETURNING id`;
    return (await this.query(sql, id, generation, ...progressValues(progress))).length > 0;
  }

  /** Keeps the newest deliveries of the endpoint that these are of. */
  async record(deliveries: readonly Delivery[]): Promise<void> {
    if (deliveries.length === 0) return;
    const rows = deliveries.map((_, i) => `(${Array.from({ length: 8 }, (__, j) => `$${8 * i + j + 1}`).join(", ")})`);
    const sql = `INSERT INTO webhook_deliveries (webhook, id, event, request, time, status, response, duration)
      VALUES ${rows.join(", ")}`;
    await this.query(sql, ...deliveries.flatMap(deliveryValues));
    const older = `SELECT id FROM webhook_deliveries WHERE webhook = $1 ORDER BY id DESC LIMIT 1 OFFSET ${KEPT}`;
    await this.query(`DELETE FROM webhook_deliveries WHERE webhook = $1 AND id <= (${older})`, deliveries[0]!.webhook);
  }

  /** The nearest of those before one, newest first, or of those after it, oldest first; the newest without one. */
  async deliveries(webhook: string, { before = AFTER_ALL, after, limit }: DeliveryQuery): Promise<Delivery[]> {
    const range = after === undefined ? "id < $2 ORDER BY id DESC" : "id > $2 ORDER BY id";
    const sql = `SELECT * FROM webhook_deliveries WHERE webhook = $1 AND ${range} LIMIT $3`;
    return (await this.query(sql, webhook, after ?? before, BigInt(limit))).map(deliveryOf);
  }

  /** The one that was asked for by a request, if it is kept. */
  async requested(webhook: string, request: string): Promise<Delivery | undefined> {
    const sql = "SELECT * FROM webhook_deliveries WHERE webhook = $1 AND request = $2";
    const [row] = await this.query(sql, webhook, request);
    return row && deliveryOf(row);
  }
}

function valuesOf(webhook: Webhook): Value[] {
  const { types, account, progress } = webhook;
  return [
    webhook.id,
    fromHex(webhook.system),
    webhook.owner,
    fromHex(webhook.request),
    webhook.url,
    webhook.description,
    types && JSON.stringify(types),
    account && fromHex(account),
    webhook.status,
    webhook.secret,
    webhook.rotation,
    webhook.formerSecret,
    BigInt(webhook.formerUntil),
    webhook.generation,
    ...progressValues(progress),
    BigInt(webhook.created),
  ];
}

function progressValues({ position, failures, failingSince, nextAttempt }: Progress): Value[] {
  return [position, BigInt(failures), BigInt(failingSince), BigInt(nextAttempt)];
}

function webhookOf(row: Row): Webhook {
  const [types, account] = [row["types"] as string | null, row["account"]];
  return {
    id: row["id"] as string,
    system: hex(row["system"]) as Address,
    owner: row["owner"] as string,
    request: hex(row["request"]) as Hash,
    url: row["url"] as string,
    description: row["description"] as string,
    types: types === null ? null : (JSON.parse(types) as EventType[]),
    account: account === null ? null : (hex(account) as Address),
    status: row["status"] as WebhookStatus,
    secret: row["secret"] as string,
    rotation: row["rotation"] as string,
    formerSecret: row["former_secret"] as string | null,
    formerUntil: Number(row["former_until"]),
    generation: integer(row["generation"]),
    progress: {
      position: integer(row["position"]),
      failures: Number(row["failures"]),
      failingSince: Number(row["failing_since"]),
      nextAttempt: Number(row["next_attempt"]),
    },
    created: Number(row["created"]),
  };
}

function deliveryValues(delivery: Delivery): Value[] {
  const { webhook, id, event, request, time, status, response, duration } = delivery;
  const code = status === null ? null : BigInt(status);
  return [webhook, id, event, request, BigInt(time), code, response, BigInt(duration)];
}

function deliveryOf(row: Row): Delivery {
  return {
    webhook: row["webhook"] as string,
    id: row["id"] as string,
    event: integer(row["event"]),
    request: row["request"] as string | null,
    time: Number(row["time"]),
    status: row["status"] === null ? null : Number(row["status"]),
    response: row["response"] as string,
    duration: Number(row["duration"]),
  };
}
