import { connect, type Socket } from "node:net";

/** What became of what an abuser did, by its name: how often each. */
export type Tally = Record<string, Record<string, number>>;

/** Milliseconds until what was ended comes back. */
const RETURN = 2_000;

/** The service that is besieged, until it is over, and what came of it. */
export class Siege {
  readonly tally: Tally = {};
  private readonly ends: (() => void)[] = [];
  private over = false;

  /** @param url of the service */
  constructor(readonly url: URL) {}

  get isOver(): boolean {
    return this.over;
  }

  count(abuser: string, outcome: string): void {
    const outcomes = (this.tally[abuser] ??= {});
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }

  /** Calls `end` when it is over. */
  onEnd(end: () => void): void {
    this.ends.push(end);
  }

  /** Acts again and again, one after the other, until it is over. */
  async repeat(act: () => Promise<void>): Promise<void> {
    while (!this.over) await act();
  }

  /**
   * Keeps a bare connection open, a new one for each that is ended: `act` does with it what is wrong. How each ended is
   * counted: by the status that it was answered, or as cut; what is there at the end, as held.
   * @param from the address that it comes from
   */
  hold(abuser: string, from: string, act: (socket: Socket) => void): void {
    if (this.over) return;
    const { hostname: host, port } = this.url;
    const socket = connect({ host, port: Number(port), localAddress: from });
    let head = "";
    socket.on("data", (data) => {
      if (head.length < 16) head += data.toString("latin1");
    });
    socket.on("error", () => undefined);
    socket.once("connect", () => act(socket));
    const end = (): void => {
      this.count(abuser, "held");
      socket.destroy();
    };
    this.onEnd(end);
    socket.once("close", () => {
      this.ends.splice(this.ends.indexOf(end), 1);
      if (this.over) return;
      this.count(abuser, /^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? "cut");
      setTimeout(() => this.hold(abuser, from, act), RETURN).unref();
    });
  }

  end(): void {
    this.over = true;
    for (const end of [...this.ends]) end();
  }
}

/** Loopback has 16 million addresses: each kind of abuser has some of its own. */
export function addressOf(kind: number, i = 0): string {
  return `127.${kind}.${Math.floor(i / 250)}.${1 + (i % 250)}`;
}
