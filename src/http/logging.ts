import type { FastifyServerOptions } from "fastify";

/** Where secrets are in what might be logged, whoever logs it. */
const SECRETS = ["authorization", "token", "key", "signature", "preimage", "privateKey", "secret", "operatorKey"];
const REDACTED = SECRETS.flatMap((name) => [name, `*.${name}`, `*.headers.${name}`]);

/**
 * The service's log: lines of JSON, without bodies, heads or secrets.
 * @param level the lowest that is written
 */
export function logTo(stream: { write(line: string): unknown }, level: string): FastifyServerOptions["logger"] {
  return { level, stream: { write: (line) => void stream.write(line) }, redact: REDACTED };
}
