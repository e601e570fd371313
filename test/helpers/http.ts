import type { AddressInfo } from "node:net";

import { createServer, type HttpOptions } from "../../src/service/http";
import type { ListedAsset } from "../../src/chain/assets";
import { Listings } from "../../src/service/listings";
import { Services, type AccountService } from "../../src/service";
import { ERRORS, StarledgerError, type ErrorCode } from "../../src/errors";
import { sign, type Address, type Hash } from "../../src/protocol";
import { httpApi } from "../../src/sdk";
import type { Scope } from "../../src/wire";
import { afterTest } from "./afterTest";
import { DOMAIN, KEYSTORE, person } from "./service";

export const OPERATOR_KEY = "the operator's key";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** An answer of the API. */
export interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly replayed: string | null;
  readonly body: unknown;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly key?: string;
  /** The operator's key; null for a call without. */
  readonly operator?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A hub as a test has it. */
export type Hub = (system: Address, token: Address) => Promise<ListedAsset>;

/** The API of one or more services on one store, listening; it closes with the test. */
export async function listen(
  context: Mocha.Context,
  served: AccountService | Services,
  { hub, ...options }: Partial<HttpOptions> & { readonly hub?: Hub } = {},
) {
  const services = served instanceof Services ? served : new Services([served]);
  const terms = { services, tokensOf: () => [], interval: 60_000, onError: () => undefined };
  const listings = hub === undefined ? Listings.none(services) : new Listings({ ...terms, read: hub });
  const { store } = services.all()[0]!;
  const publicUrl = "https://star.example";
  const parts = { services, store, keystore: KEYSTORE, listings, publicUrl, operatorKey: OPERATOR_KEY };
  // The machine of the tests may be busy.
  const app = await createServer({ ...parts, ...options, settings: { maxDelay: 0, ...options.settings } });
  await app.listen({ host: "127.0.0.1", port: 0 });
  afterTest(context, () => app.close());
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const call = (method: Method, path: string, options?: CallOptions) => caller(url, method)(path, options);
  const [get, post] = [caller(url, "GET"), caller(url, "POST")];
  return {
    app,
    url,
    get,
    post,
    put: caller(url, "PUT"),
    patch: caller(url, "PATCH"),
    del: caller(url, "DELETE"),
    call,
  };
}

/** The API as the wallet of a person of the tests reaches it. */
export function apiAs(url: string, name: string) {
  const { key, address } = person(name);
  return httpApi(url, { account: address, chainId: DOMAIN.chainId, sign: (digest: Hash) => sign(digest, key) });
}

/** The text of a new key, made by the operator unless said otherwise. */
export async function makeKey(
  { post }: { readonly post: ReturnType<typeof caller> },
  order: { readonly scopes: readonly Scope[]; readonly restrictions?: object; readonly expires?: string | null },
  options: CallOptions = {},
): Promise<string> {
  const { body } = await post("/v1/api-keys", { ...options, body: { name: "a key", ...order } });
  return (body as { key: string }).key;
}

let keys = 0;

/** An idempotency key of its own. */
export function idempotencyKey(): string {
  return `key-${(keys += 1)}`;
}

/** Calls through real HTTP: as the operator and with a key of its own unless said otherwise. */
export function caller(url: string, method: Method) {
  return async (path: string, options: CallOptions = {}): Promise<Answer> => {
    const { body, key = idempotencyKey(), operator = OPERATOR_KEY, headers = {} } = options;
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(operator !== null && { authorization: `Bearer ${operator}` }),
        ...(method === "POST" && { "idempotency-key": key }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const head = (name: string) => response.headers.get(name);
    return {
      status: response.status,
      type: head("content-type"),
      replayed: head("idempotent-replayed"),
      body: head("content-type")?.includes("json") ? await response.json() : await response.text(),
    };
  };
}

/** The whole answer of a call that was carried out. */
export function answer(status: number, body: unknown, replayed: "true" | null = null): Answer {
  return { status, type: "application/json; charset=utf-8", replayed, body };
}

/** The whole answer of a call that was refused. */
export function refusal(code: ErrorCode, details: Record<string, string> = {}): Answer {
  const { status, retryable, hint, message } = new StarledgerError(code, details);
  const type = `urn:starledger:error:${code}`;
  const title = ERRORS[code].message;
  const body = { type, title, status, detail: message, code, retryable, hint, details };
  return { status, type: "application/problem+json", replayed: null, body };
}
