import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { z } from "zod";

import { ERRORS, StarledgerError, type ErrorCode } from "../errors";
import { problem, PROBLEM_TYPE } from "../wire";

declare module "fastify" {
  interface FastifyReply {
    /** The problem that was answered with. */
    refusal: ErrorCode | undefined;
  }
}

const FRAMEWORK: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "too_large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "unsupported_media_type",
};

/** A problem (RFC 9457), whatever carries it. */
export type Problem = z.output<typeof problem>;

/** Answers with a problem. What is not ours to tell is logged, and told as `internal`. */
export function sendProblem(cause: FastifyError | StarledgerError, request: FastifyRequest, reply: FastifyReply): void {
  const error = toError(cause, request);
  if (error.code === "internal") request.log.error(cause);
  const { code, status, retryable } = error;
  reply.refusal = code;
  if (status === 401) void reply.header("www-authenticate", "Bearer");
  if (retryable && !reply.hasHeader("retry-after")) void reply.header("retry-after", "1");
  // Routes serialise by their schemas; a problem is the same everywhere.
  void reply
    .code(status)
    .serializer((value: Problem) => JSON.stringify(z.encode(problem, value)))
    .type(PROBLEM_TYPE)
    .send(problemOf(error));
}

export function problemOf({ code, status, retryable, hint, details, message }: StarledgerError): Problem {
  const type = `urn:starledger:error:${code}`;
  return { type, title: ERRORS[code].message, status, detail: message, code, retryable, hint, details };
}

/** What is wrong with a request, by the message of the check that it failed. */
export function refusalOf(field: string, message: string, bounds: Bounds = {}): StarledgerError {
  return message in ERRORS
    ? new StarledgerError(message as ErrorCode, { field, ...(message === "out_of_range" && bounds) })
    : new StarledgerError("invalid_request", { field, reason: message });
}

/** What a number may be. */
interface Bounds {
  readonly least?: string;
  readonly most?: string;
}

function toError(cause: FastifyError | StarledgerError, request: FastifyRequest): StarledgerError {
  if (cause instanceof StarledgerError) return cause;
  if (hasZodFastifySchemaValidationErrors(cause)) {
    const { instancePath, message = "", params } = cause.validation[0]!;
    const context = cause.validationContext ?? "request";
    const field = `${context}${instancePath === "/" ? "" : instancePath}`;
    // A header that is missing has an error of its own.
    if (context !== "headers" && isMissing(request[context as "body"], instancePath)) {
      return new StarledgerError("invalid_request", { field, reason: "missing" });
    }
    return refusalOf(field, message, boundsOf(params));
  }
  const known = FRAMEWORK[cause.code];
  if (known !== undefined) return new StarledgerError(known);
  const isCallersFault = cause.statusCode !== undefined && cause.statusCode >= 400 && cause.statusCode < 500;
  return isCallersFault
    ? new StarledgerError("invalid_request", { reason: cause.message })
    : new StarledgerError("internal");
}

/** @param path of JSON Pointer (RFC 6901); a field that is missing is in something that is not */
function isMissing(content: unknown, path: string): boolean {
  let found = content;
  for (const name of path.split("/").slice(1)) {
    if (name === "") continue;
    if (typeof found !== "object" || found === null) return false;
    found = (found as Record<string, unknown>)[name];
  }
  return found === undefined;
}

function boundsOf(params: Readonly<Record<string, unknown>>): Bounds {
  const { minimum, maximum } = params;
  return {
    ...(isNumber(minimum) && { least: String(minimum) }),
    ...(isNumber(maximum) && { most: String(maximum) }),
  };
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}
