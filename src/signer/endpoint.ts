import { Agent, request as requestHttp, type IncomingMessage, type RequestOptions } from "node:http";
import { Agent as SecureAgent, request as requestHttps } from "node:https";

import { fail } from "../errors";

/** Where a signer listens. */
export interface Endpoint {
  /** Without what may be secret in it. */
  readonly name: string;
  readonly isSecure: boolean;
  readonly options: RequestOptions;
}

/** What a signer answered. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

const LOOPBACK = new Set(["127.0.0.1", "[::1]", "localhost"]);
/** A commit may hold many withdrawals, each signed by itself. */
const POOL = { keepAlive: true, maxSockets: 32 };
const AGENTS = { http: new Agent(POOL), https: new SecureAgent(POOL) };
/** An answer is some hundred bytes. */
const LONGEST = 65_536;

/**
 * Reads `unix:SOCKET`, `unix:SOCKET:/PATH`, or a URL: of http only to this machine.
 * @throws invalid_input
 */
export function toEndpoint(text: string): Endpoint {
  const unix = /^unix:([^:]+)(?::(\/.*))?$/.exec(text);
  if (unix !== null) {
    const [, socketPath = "", path = "/"] = unix;
    return { name: text, isSecure: false, options: { socketPath, path } };
  }
  const url = URL.canParse(text) ? new URL(text) : fail("invalid_input", { signer: "no URL" });
  const isSecure = url.protocol === "https:";
  if (!isSecure && (url.protocol !== "http:" || !LOOPBACK.has(url.hostname))) {
    fail("invalid_input", { signer: url.origin, reason: "https, or http to this machine" });
  }
  const auth = url.username + url.password === "" ? undefined : `${decoded(url.username)}:${decoded(url.password)}`;
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  return {
    name: url.origin + url.pathname,
    isSecure,
    options: { hostname, port: url.port, path: url.pathname + url.search, ...(auth !== undefined && { auth }) },
  };
}

/** Asks once; a request with a body is a POST of JSON. */
export function ask({ isSecure, options }: Endpoint, body: string | undefined, milliseconds: number): Promise<Answer> {
  const [send, agent] = isSecure ? [requestHttps, AGENTS.https] : [requestHttp, AGENTS.http];
  const signal = AbortSignal.timeout(milliseconds);
  const headers = body === undefined ? {} : { "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    const request = send(
      { ...options, method: body === undefined ? "GET" : "POST", headers, signal, agent },
      (response) => void read(response).then(resolve, reject),
    );
    request.on("error", reject);
    request.end(body);
  });
}

async function read(response: IncomingMessage): Promise<Answer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    if ((length += part.length) > LONGEST) throw new Error("the answer is too long");
    parts.push(part);
  }
  return { status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() };
}

const decoded = decodeURIComponent;
