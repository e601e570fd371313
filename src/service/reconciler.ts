import type { FastifyBaseLogger } from "fastify";

import type { Address } from "../protocol";
import type { Breaker } from "./breaker";
import type { ChainReader, Reconciliation } from "./reconciliation";
import type { Services } from "./services";
import type { Metrics } from "./telemetry/metrics";

/** Differences that one run logs at most; all are counted. */
const LOGGED = 100;

/** Holds the records of all systems of a process against each other, when asked and every now and then. */
export class Reconciler {
  private timer: NodeJS.Timeout | undefined;
  private underWay: Promise<unknown> = Promise.resolve();

  /**
   * @param chains how to read a system's chain; a system without one is compared with log and store alone
   * @param breaker what stops crediting where records differ; none unless given
   */
  constructor(
    private readonly services: Services,
    private readonly metrics: Metrics,
    private readonly chains: ReadonlyMap<Address, ChainReader> = new Map<Address, ChainReader>(),
    private readonly breaker?: Breaker,
  ) {}

  /** @throws store_failed, store_corrupt, chain_unreachable */
  async run(): Promise<Reconciliation[]> {
    const found: Reconciliation[] = [];
    for (const service of this.services.all()) {
      const began = performance.now();
      const reconciliation = await service.audit.reconcile(this.chains.get(service.identity.system));
      this.metrics.reconciled(reconciliation, (performance.now() - began) / 1000);
      await this.breaker?.onReconciled(service, reconciliation.differences);
      found.push(reconciliation);
    }
    return found;
  }

  /** Runs every `seconds`, and logs what it finds. */
  start(seconds: number, log: FastifyBaseLogger): void {
    this.timer = setInterval(() => {
      this.underWay = this.runAndLog(log);
    }, 1000 * seconds);
  }

  /** Runs no more, and waits for a run that has begun. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.underWay;
  }

  private async runAndLog(log: FastifyBaseLogger): Promise<void> {
    try {
      for (const { system, commit, chain, differences } of await this.run()) {
        log.info({ system, commit: commit.toString(), chain, differences: differences.length }, "reconciled");
        for (const difference of differences.slice(0, LOGGED)) log.error({ system, difference }, "records differ");
      }
    } catch (error) {
      log.error(error, "not reconciled");
    }
  }
}
