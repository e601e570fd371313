import * as z from "zod";

import type { ErrorCode } from "../errors";
import { channel, stateReceipt, stateSubmission } from "./channels";
import { heldNote, lockOutcome } from "./messages";
import { revelation, revelationReceipt, signedRequest, withdrawalReceipt } from "./payments";
import { problem } from "./problem";
import { address, channelId, list, uint64, unsigned } from "./values";
import { event, eventType } from "./events";

// The messages of the stream, each way. A message whose meaning changes gets a new `type`.

/** The caller's own mark on a message; answers and deliveries carry it. */
const id = z.string().min(1).max(64);
const MISSING: { readonly error: ErrorCode } = { error: "missing_idempotency_key" };
/** What an idempotency key may be. */
export const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;
const idempotencyKey = z.string(MISSING).regex(IDEMPOTENCY_KEY, MISSING);

const subscription = z.discriminatedUnion("channel", [
  z.strictObject({
    type: z.literal("subscribe"),
    id,
    channel: z.literal("events"),
    system: address,
    after: uint64.optional().meta({ description: "The last number that the client has; without it, only what comes." }),
    account: address.optional().meta({ description: "Only what concerns this account." }),
    types: list(eventType, 64).optional(),
  }),
  z.strictObject({ type: z.literal("subscribe"), id, channel: z.literal("notes"), channelId }),
]);

/** What a client sends. */
export const clientMessage = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("authenticate"), id, token: z.string().min(1).max(4_096) }),
  subscription,
  z.strictObject({ type: z.literal("unsubscribe"), id, subscription: id }),
  z.strictObject({ type: z.literal("ping"), id }).meta({ description: "For clients that cannot see pings." }),
  z.strictObject({ type: z.literal("channel"), id, channelId }),
  z.strictObject({ type: z.literal("submitState"), id, idempotencyKey, body: stateSubmission }),
  z.strictObject({
    type: z.literal("withdraw"),
    id,
    idempotencyKey,
    body: signedRequest,
  }),
  z.strictObject({ type: z.literal("reveal"), id, idempotencyKey, body: revelation }),
]);

export type ClientMessage = z.output<typeof clientMessage>;

/** What is answered to each of them. */
export const streamResults = {
  authenticate: z.object({}),
  subscribe: z.object({
    after: unsigned.optional().meta({ description: "Of events: the number after which it tells." }),
  }),
  unsubscribe: z.object({}),
  ping: z.object({}),
  channel,
  submitState: stateReceipt,
  withdraw: withdrawalReceipt,
  reveal: revelationReceipt,
} as const;

/** What the service sends. */
export const serverMessage = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("result"),
    id,
    replayed: z.boolean().meta({ description: "It was done before, under this idempotency key." }),
    result: z.unknown(),
  }),
  z.object({
    type: z.literal("error"),
    id: id.nullable().meta({ description: "Of the message, or of the subscription that ended; null if it has none." }),
    problem,
  }),
  z.object({ type: z.literal("events"), subscription: id, events: list(event) }),
  z.object({ type: z.literal("note"), subscription: id, note: heldNote }),
  z.object({ type: z.literal("outcomes"), subscription: id, channelId, outcomes: list(lockOutcome) }),
]);

export type ServerMessage = z.output<typeof serverMessage>;

/** Why the service closes a connection, beside the codes of RFC 6455. */
export const STREAM_CLOSED = {
  /** RFC 6455: the service stops. Connect again, and go on after the last number. */
  goingAway: 1001,
  /** The key was revoked, or the user is signed in no longer. */
  unauthorized: 4401,
  /** The client reads too slowly, or not at all. Connect again, and go on after the last number. */
  tooSlow: 4408,
  /** Another process leads a system that was subscribed to. Connect again, and go on after the last number. */
  moved: 4421,
  /** Nothing was subscribed to or asked for in a while. */
  idle: 4409,
} as const;
