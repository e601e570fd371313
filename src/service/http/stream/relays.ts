import type { FastifyRequest } from "fastify";

import { StarledgerError } from "../../../errors";
import type { Store } from "../../../store";
import { leaderFor } from "../../elsewhere";
import type { Services } from "../../services";
import { FORWARDED } from "../forward";
import type { Outbox } from "./outbox";
import { Relay } from "./relay";

/** Whose relays they are, and what becomes of that one. */
export interface RelayParts {
  readonly services: Services;
  readonly store: Store;
  readonly request: FastifyRequest;
  readonly outbox: Outbox;
  /** The other process has ended a subscription, and the client has heard of it. */
  readonly onEnded: (subscription: string) => void;
  /** The other process has closed the connection, with this code, or is gone. */
  readonly onLost: (code: number) => void;
}

/** One client's connections to the other processes that it asks something of. */
export class Relays {
  private readonly relays = new Map<string, Promise<Relay>>();
  private isClosed = false;

  constructor(private readonly parts: RelayParts) {}

  /**
   * To the process that leads what was refused here as `not_leader`: nothing of it has happened here.
   * @param authorization what the client has said of who it is
   * @throws `cause` if there is none, or if it was passed on already; unknown_account and the like; unreachable
   */
  async leaderOf(cause: unknown, authorization: string | undefined): Promise<Relay> {
    const { request, services, store } = this.parts;
    const isElsewhere = cause instanceof StarledgerError && cause.code === "not_leader";
    if (!isElsewhere || request.headers[FORWARDED] !== undefined) throw cause;
    const leader = await leaderFor(cause, services, store);
    if (leader instanceof StarledgerError) throw leader;
    return await this.to(leader.url, authorization);
  }

  close(): void {
    this.isClosed = true;
    for (const relay of this.relays.values()) relay.then((one) => one.close()).catch(() => undefined);
  }

  private async to(leader: string, authorization: string | undefined): Promise<Relay> {
    const known = await this.relays.get(leader)?.catch(() => undefined);
    if (known?.isOpen === true) return known;
    const { request, outbox, onEnded, onLost } = this.parts;
    const headers = {
      ...(authorization !== undefined && { authorization }),
      ...{ [FORWARDED]: "1", "x-forwarded-for": request.ip },
    };
    const connecting = Relay.connect(leader, headers, outbox, onEnded, onLost);
    this.relays.set(leader, connecting);
    const relay = await connecting;
    if (this.isClosed) relay.close();
    return relay;
  }
}
