import { request, type Agent } from "node:http";

import fc from "fast-check";

import { OPERATOR_KEY } from "../http";
import type { Operation, RawAnswer } from "./document";
import { almostValid, hostile, valid, type JsonSchema, type Vocabulary } from "./schemas";

/** A request as it goes out. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

/** Milliseconds until a call counts as never answered. */
const PATIENCE = 60_000;
const HUGE = 2 ** 21;

type Part = "path" | "query" | "header" | "body";

/** Calls of one operation: as documented, or with one part of it almost so, or hostile. */
export function callsOf(operation: Operation, words: Vocabulary): fc.Arbitrary<Call> {
  const how = fc.constantFrom<"valid" | "almost" | "hostile">("valid", "valid", "almost", "hostile");
  const part = fc.constantFrom<Part>("path", "query", "header", "body", "body");
  return fc.tuple(how, part).chain(([fault, where]) => {
    const faultIn = (one: Part) => (one === where ? fault : "valid");
    return fc
      .record({
        path: pathOf(operation, faultIn("path"), words),
        query: queryOf(operation, faultIn("query"), words),
        headers: headersOf(operation, faultIn("header"), words),
        body: operation.body === undefined ? fc.constant(undefined) : bodyOf(operation.body, faultIn("body"), words),
      })
      .map(({ path, query, headers, body }) => ({ method: operation.method, path: path + query, headers, body }));
  });
}

/** Sends a call and takes the whole answer. */
export function send(url: string, { method, path, headers, body }: Call, agent: Agent): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const signal = AbortSignal.timeout(PATIENCE);
    const length = body && { "content-length": String(body.length) };
    const sent = request(
      { hostname, port, method, path, headers: { ...headers, ...length }, agent, signal },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const type = response.headers["content-type"] ?? "";
          resolve({ status: response.statusCode!, type, body: Buffer.concat(chunks).toString() });
        });
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

function pathOf({ path, parameters }: Operation, fault: string, words: Vocabulary): fc.Arbitrary<string> {
  const names = parameters.filter((one) => one.in === "path");
  const values = names.map(({ schema }) => (fault === "valid" ? valid(schema, words).map(encoded) : hostileSegment));
  return fc.tuple(...values).map((all) => {
    return names.reduce((text, { name }, i) => text.replace(`{${name}}`, () => all[i]!), path);
  });
}

const hostileSegment = fc.oneof(
  fc.constantFrom("%", "%00", "%E0%A4%A", "%ff", "..", "%2e%2e%2f", "~", "0x", "a".repeat(9_000), "'", "*", ";"),
  hostile.map(encoded),
);

function queryOf({ parameters }: Operation, fault: string, words: Vocabulary): fc.Arbitrary<string> {
  const known = parameters.filter((one) => one.in === "query");
  const fields = Object.fromEntries(known.map(({ name, schema }) => [name, schema]));
  const required = known.filter(({ required }) => required).map(({ name }) => name);
  const schema = { type: "object", properties: fields, required } as const;
  const pairs = fault === "valid" ? valid(schema, words) : almostValid(schema, words);
  const query = pairs.map((values) => {
    return Object.entries(values ?? {}).map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
  });
  const strange = fc.constantFrom(
    "a&a&a",
    "__proto__=1",
    "%",
    "%ff=%ff",
    `${"a=1&".repeat(2_000)}b`,
    "=",
    "&&",
    "[]=1",
  );
  const all =
    fault === "hostile"
      ? fc.oneof(
          query,
          strange.map((text) => [text]),
        )
      : query;
  return all.map((parts) => (parts.length === 0 ? "" : `?${parts.join("&")}`));
}

function headersOf({ parameters, body }: Operation, fault: string, words: Vocabulary) {
  const value = (schema: JsonSchema) => (fault === "hostile" ? hostileHeader : valid(schema, words).map(String));
  const own = parameters
    .filter((one) => one.in === "header")
    .map(
      ({ name, schema }) => [name, name === "idempotency-key" ? keyOf(fault, schema, words) : value(schema)] as const,
    );
  const authorization = fault === "valid" ? fc.constant(`Bearer ${OPERATOR_KEY}`) : hostileHeader;
  const type = fault === "valid" ? fc.constant("application/json") : hostileType;
  const fields = { ...Object.fromEntries(own), authorization, ...(body !== undefined && { "content-type": type }) };
  return fc.record(fields, fault === "valid" ? {} : { requiredKeys: [] });
}

/** Seldom one that was used before: most calls are to be carried out. */
function keyOf(fault: string, schema: JsonSchema, words: Vocabulary): fc.Arbitrary<string> {
  const fresh = fc.uuid();
  if (fault === "valid") return fresh;
  return fc.oneof(fresh, valid(schema, words).map(String), hostileHeader);
}

const hostileHeader = fc.oneof(
  fc.constantFrom("", " ", "Bearer", "Bearer ", "Basic Og==", "Bearer ÿ", "x".repeat(4_000), "a,b", "\t"),
  fc.stringMatching(/^[\x20-\x7e\x80-\xff]{0,64}$/),
);
const hostileType = fc.constantFrom(
  ...["application/json", "application/json; charset=utf-16", "text/plain", "application/xml", "", "json", "*/*"],
  ...["application/x-www-form-urlencoded", "multipart/form-data", "application/json, text/html"],
);

function bodyOf(schema: JsonSchema, fault: string, words: Vocabulary): fc.Arbitrary<Buffer> {
  const json = (value: unknown) => Buffer.from((JSON.stringify(value) as string | undefined) ?? "");
  if (fault === "valid") return valid(schema, words).map(json);
  if (fault === "almost") return almostValid(schema, words).map(json);
  const bytes = (text: string) => Buffer.from(text);
  return fc.oneof(
    hostile.map(json),
    valid(schema, words).map((value) => json(value).subarray(0, -1)),
    fc.uint8Array({ maxLength: 64 }).map((array) => Buffer.from(array)),
    fc.constantFrom(
      ...[
        "",
        "{",
        "[]",
        "null",
        "{}{}",
        '{"a":1,"a":2}',
        '{"__proto__":{"x":1}}',
        '{"constructor":{"prototype":1}}',
      ].map(bytes),
      Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
      bytes("[".repeat(200_000)),
      Buffer.alloc(HUGE, " "),
    ),
  );
}

function encoded(value: unknown): string {
  const text = typeof value === "string" ? value : ((JSON.stringify(value) as string | undefined) ?? "");
  return encodeURIComponent(Buffer.from(text).toString());
}
