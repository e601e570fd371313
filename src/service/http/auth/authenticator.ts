import type { FastifyRequest } from "fastify";

import { fail } from "../../../errors";
import { OPERATOR, type Caller } from "./caller";
import { digestOf, isTextOf } from "./credentials";

/** Finds out who makes a request. */
export class Authenticator {
  private readonly operator: Buffer;

  constructor(operatorKey: string) {
    this.operator = digestOf(operatorKey);
  }

  /**
   * Null for whoever does not say.
   * @throws unauthorized, if what is said is not true
   */
  readonly callerOf = ({ headers }: Pick<FastifyRequest, "headers">): Promise<Caller | null> => {
    if (headers.authorization === undefined) return Promise.resolve(null);
    return new Promise((resolve) => resolve(this.holderOf(bearerOf(headers.authorization!))));
  };

  private holderOf(text: string): Caller {
    return isTextOf(this.operator, text) ? OPERATOR : fail("unauthorized");
  }
}

function bearerOf(header: string): string {
  return /^Bearer (.+)$/i.exec(header)?.[1] ?? fail("unauthorized");
}
