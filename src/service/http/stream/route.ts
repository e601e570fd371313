import { setTimeout as delay } from "node:timers/promises";

import websocket from "@fastify/websocket";
import type { FastifyRequest } from "fastify";
import type { WebSocket } from "ws";

import { fail } from "../../../errors";
import type { Api } from "../api";
import { STREAM_LIMITS, type StreamLimits } from "./limits";
import { Session, type SessionParts } from "./session";

/** Milliseconds that a stopping service gives its clients. */
const PATIENCE = 3_000;

/** Adds `GET /v1/stream` (docs/STREAM.md). */
export type AddStream = (api: Api, guards: Pick<SessionParts, "callerOf" | "admit">) => void;

/**
 * Lets the server take WebSockets; to be called before anything that may refuse one, or the refused stay connected.
 * @returns what adds the stream, once it is said who may ask
 */
export async function prepareStream(app: Api["app"], limits: StreamLimits = STREAM_LIMITS): Promise<AddStream> {
  const sessions = new Map<Session, string>();
  let stopping = false;

  await app.register(websocket, {
    options: { maxPayload: limits.messageSize },
    errorHandler: (error, _socket, request) => request.log.info(error),
    preClose: async () => {
      stopping = true;
      const ended = Promise.all([...sessions.keys()].map((session) => session.stop()));
      await Promise.race([ended, delay(PATIENCE, undefined, { ref: false })]);
      for (const client of app.websocketServer.clients) client.terminate();
    },
  });

  const admit = (request: FastifyRequest): Promise<void> =>
    new Promise((resolve) => {
      if (stopping) fail("stopped");
      const own = [...sessions.values()].filter((caller) => caller === nameOf(request)).length;
      if (own >= limits.connectionsPerCaller) fail("too_many_connections", { limit: limits.connectionsPerCaller });
      if (sessions.size >= limits.connections) fail("too_many_connections", { limit: limits.connections });
      resolve();
    });

  return (api, guards) => {
    api.services.onEach((service) => {
      const leave = (): void => [...sessions.keys()].forEach((session) => session.leave((one) => one === service));
      service.ended.addEventListener("abort", leave);
    });
    app.route({
      method: "GET",
      url: "/v1/stream",
      config: { access: "anyone" },
      onRequest: admit,
      schema: { hide: true },
      handler: () => fail("invalid_request", { field: "headers/upgrade", reason: "not a WebSocket" }),
      wsHandler: (socket: WebSocket, request: FastifyRequest) => {
        const session = new Session(socket, request, { ...api, ...guards, limits });
        sessions.set(session, nameOf(request));
        socket.once("close", () => sessions.delete(session));
      },
    });
  };
}

/** Whose connection it is, as far as connections are counted. */
function nameOf({ caller, ip }: FastifyRequest): string {
  return caller?.id ?? ip;
}
