import type { FastifyRequest } from "fastify";

import { fail } from "../../../errors";
import type { ApiKey, Store } from "../../../store";
import { keyHolder, OPERATOR, userOf, type Caller } from "./caller";
import { digestOf, idIn, isTextOf } from "./credentials";

/** Finds out who makes a request. */
export class Authenticator {
  private readonly operator: Buffer;

  /** @param now Unix milliseconds */
  constructor(
    operatorKey: string,
    private readonly store: Pick<Store, "apiKeys" | "sessions">,
    private readonly now: () => number,
  ) {
    this.operator = digestOf(operatorKey);
  }

  /**
   * Null for whoever does not say.
   * @throws unauthorized, if what is said is not true
   */
  readonly callerOf = async ({ headers }: Pick<FastifyRequest, "headers">): Promise<Caller | null> => {
    if (headers.authorization === undefined) return null;
    const token = /^Bearer (.+)$/i.exec(headers.authorization)?.[1] ?? fail("unauthorized");
    if (isTextOf(this.operator, token)) return OPERATOR;
    return (await this.keyHolder(token)) ?? (await this.userOf(token)) ?? fail("unauthorized");
  };

  /** A key lives as long as those that it descends from. */
  private async keyHolder(token: string): Promise<Caller | undefined> {
    const id = idIn("apiKey", token);
    const [key, ...makers] = id === undefined ? [] : await this.store.apiKeys.chain(id);
    if (key === undefined || !isTextOf(key.digest, token)) return undefined;
    const isLive = ({ expires, revoked }: ApiKey) => revoked === null && (expires === null || expires > this.now());
    return [key, ...makers].every(isLive) ? keyHolder([key, ...makers]) : undefined;
  }

  private async userOf(token: string): Promise<Caller | undefined> {
    const id = idIn("session", token);
    const session = id === undefined ? undefined : await this.store.sessions.live(id, this.now());
    return session && isTextOf(session.digest, token) ? userOf(session) : undefined;
  }
}
