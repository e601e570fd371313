import { createHash, timingSafeEqual } from "node:crypto";

import type { FastifyRequest } from "fastify";

import { fail } from "../../errors";

/** The key that the operator's calls carry. */
export class OperatorKey {
  private readonly expected: Buffer;

  constructor(key: string) {
    this.expected = sha256(key);
  }

  /**
   * Digests are compared, in constant time: neither content nor length of the key shows.
   * @throws unauthorized
   */
  readonly require = ({ headers }: Pick<FastifyRequest, "headers">): void => {
    const [, given] = /^Bearer (.+)$/i.exec(headers.authorization ?? "") ?? [];
    if (given === undefined || !timingSafeEqual(sha256(given), this.expected)) fail("unauthorized");
  };

  /** As a step before the request's body is read. */
  readonly requireFirst = (request: FastifyRequest): Promise<void> =>
    new Promise((resolve) => resolve(this.require(request)));
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
