import { StarledgerError } from "../../src/errors";
import type { Address, Hash, Hex, SignedInvoice } from "../../src/protocol";
import { fromJson, toJson } from "../../src/protocol/json";
import type { Reply, Request } from "../../src/service";
import type { Across } from "./crossings";
import type { Life } from "./life";
import type { Order } from "./orders";
import type { Stage } from "./stage";
import type { System } from "./system";

interface Task {
  readonly key: string;
  readonly request: Request | Across;
  readonly what: string;
  readonly order: Order | undefined;
  readonly onDone: (reply: Reply) => void;
}

/** An account whose key the service holds. */
export interface HostedAccount {
  readonly name: string;
  readonly key: Hex;
  readonly address: Address;
}

/** The program of a system's operator: asks for what hosted accounts do and for issues, each under a key until it is answered. */
export class Operator {
  /** Asked for, and not answered. */
  private readonly open: Task[] = [];
  private tasks = 0;

  constructor(
    private readonly stage: Stage,
    readonly system: System,
    private readonly life: Life,
    readonly hosted: readonly HostedAccount[],
  ) {}

  get isWaiting(): boolean {
    return this.open.length > 0;
  }

  asks(what: string, request: Request | Across, order?: Order, onDone: Task["onDone"] = () => undefined): void {
    this.tasks += 1;
    const task = { key: `${this.life.name} ${this.tasks}`, request, what, order, onDone };
    this.open.push(task);
    this.send(task);
  }

  /** Asks again for what was not answered. */
  asksAgain(number: number): string {
    const task = this.open[number % this.open.length]!;
    this.send(task);
    return task.what;
  }

  /** The same of all of it. */
  asksForAll(): void {
    for (const task of [...this.open]) this.send(task);
  }

  /**
   * The invoice of a hosted account, to be given to whoever pays it.
   * @param losses how often the system had lost data when it was asked for it
   */
  async invoice(hash: Hash, losses: number): Promise<SignedInvoice | undefined> {
    const { service } = this.system;
    if (service === undefined) return undefined;
    try {
      const { invoice, signature } = await service.payments.invoice(hash);
      return { invoice, signature };
    } catch (error) {
      const isGone = error instanceof StarledgerError && error.code === "unknown_invoice";
      if (isGone && this.system.losses.count === losses)
        this.stage.blame(`S4: invoice ${hash} leaves before it is on disk`);
      else if (!(error instanceof StarledgerError)) throw error;
      return undefined;
    }
  }

  private send(task: Task): void {
    const text = toJson([task.request]);
    const ask = () => {
      const [request] = fromJson(text) as [Request | Across];
      const isAcross = request.type === "transferAcross" || request.type === "payAcross";
      return isAcross ? this.system.payAcross(request, task.key) : this.system.submit(request, task.key);
    };
    this.stage.network.call(this.life, `${this.life.name} ${task.what}`, ask).then(
      (reply) => this.end(task, "done", () => task.onDone(reply)),
      (error: unknown) => {
        if (!(error instanceof StarledgerError))
          this.stage.blame(`${this.life.name}: ${String((error as Error).stack)}`);
        else if (!error.retryable) this.end(task, error.code);
      },
    );
  }

  private end(task: Task, outcome: string, onDone: () => void = () => undefined): void {
    const place = this.open.indexOf(task);
    if (place < 0) return;
    this.open.splice(place, 1);
    this.stage.say(`${this.life.name}: ${task.what}: ${outcome}`);
    if (task.order !== undefined) task.order.status = outcome === "done" ? "done" : "refused";
    onDone();
  }
}
