import { STATUS_CODES } from "node:http";

import type { FastifyServerOptions } from "fastify";

import { StarledgerError, type ErrorCode } from "../errors";
import { PROBLEM_TYPE } from "../wire";
import { problemOf } from "./problems";

/** Bytes. */
const LIMITS = { body: 2 ** 19, head: 2 ** 14 };

const CODES: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: "head_too_large",
  ERR_HTTP_REQUEST_TIMEOUT: "too_slow",
};

/**
 * How long and how large requests may be, as the server's options.
 * @param requestTimeout milliseconds until the whole request must have come in
 */
export function connectionLimits(requestTimeout: number) {
  return {
    bodyLimit: LIMITS.body,
    requestTimeout,
    // Whoever takes none of its answer in twice that time is given up: an answer holds memory until it is read.
    connectionTimeout: 2 * requestTimeout,
    http: {
      maxHeaderSize: LIMITS.head,
      requestTimeout,
      headersTimeout: requestTimeout,
      connectionsCheckingInterval: Math.ceil(requestTimeout / 4),
    },
    clientErrorHandler,
  };
}

/** Refuses what is no request, or none in time: the connection ends with it. */
const clientErrorHandler: NonNullable<FastifyServerOptions["clientErrorHandler"]> = (cause, socket) => {
  if (!socket.writable) return void socket.destroy(cause);
  const error = new StarledgerError(CODES[cause.code] ?? "invalid_request", {});
  const body = JSON.stringify(problemOf(error));
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
};
