import replyFrom from "@fastify/reply-from";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";

import { StarledgerError } from "../../errors";
import { leaderFor } from "../elsewhere";
import type { Api } from "./api";
import { sendProblem } from "../../http";

/** A request that carries this was forwarded already, and never is again: leaders may change on the way. */
export const FORWARDED = "starledger-forwarded";
/** Milliseconds until a leader's answer is given up. */
const PATIENCE = 10_000;

declare module "fastify" {
  interface FastifyRequest {
    /** The body before it was decoded. */
    asSent: unknown;
  }
}

/**
 * Lets a request that this process cannot serve, since another leads the system, be answered by the one that does. Only what
 * was refused as `not_leader` goes there: nothing of it has happened here, so nothing is done twice.
 */
export async function forwardToLeaders({
  app,
  services,
  store,
}: Pick<Api, "app" | "services" | "store">): Promise<void> {
  const undici = { headersTimeout: PATIENCE, bodyTimeout: PATIENCE };
  await app.register(replyFrom, { retryMethods: [], disableRequestLogging: true, undici });
  app.decorateRequest("asSent", undefined);
  app.addHook("preValidation", (request, _reply, done) => {
    request.asSent = request.body;
    done();
  });
  app.setErrorHandler(async (cause: FastifyError, request, reply) => {
    const isElsewhere = cause instanceof StarledgerError && cause.code === "not_leader";
    if (!isElsewhere || request.headers[FORWARDED] !== undefined) sendProblem(cause, request, reply);
    else {
      const leader = await leaderFor(cause, services, store);
      if (leader instanceof StarledgerError) sendProblem(leader, request, reply);
      else forward(leader.url, request, reply);
    }
    return reply;
  });
}

function forward(leader: string, request: FastifyRequest, reply: FastifyReply): void {
  void reply.from(leader.replace(/\/$/, "") + request.url, {
    body: request.asSent,
    rewriteRequestHeaders: (_request, headers) => ({ ...headers, [FORWARDED]: "1", "x-forwarded-for": request.ip }),
    onError: (failed, { error }) => {
      request.log.warn(error);
      sendProblem(new StarledgerError("unreachable", { leader }), request, failed as FastifyReply);
    },
  });
}
