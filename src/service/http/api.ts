import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { IncomingMessage, ServerResponse } from "node:http";

import type { Services } from "../services";
import type { OperatorKey } from "./operatorKey";

/** What the routes are made of. */
export interface Api {
  readonly app: FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>;
  readonly services: Services;
  readonly operator: OperatorKey;
}

/** In the document: the call needs the operator's key. */
export const BY_OPERATOR = { security: [{ operator: [] }] };
/** In the document: what is signed, or public, needs no key. */
export const BY_ANYONE = { security: [] };
