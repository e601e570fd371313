import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

import type { ErrorCode } from "../../errors";
import type { Address } from "../../protocol";
import type { Level } from "../breaker";
import type { CommitReport } from "../commitReport";
import type { Reconciliation } from "../reconciliation";
import type { Services } from "../services";
import type { AccountService } from "../accountService";
import type { Sides } from "../sides";
import { CHAIN_GAUGES } from "./chainGauges";
import { GAUGES, type Labelled } from "./gauges";

const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const COMMIT_SECONDS = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/** How a request ended. */
export interface Answered {
  readonly method: string;
  /** As it was registered; undefined where there is none. */
  readonly route: string | undefined;
  readonly status: number;
  readonly refusal: ErrorCode | undefined;
  readonly seconds: number;
}

/** What a process counts and measures, for Prometheus; documented in docs/METRICS.md. */
export class Metrics {
  readonly registry = new Registry();
  private readonly requests = new Histogram({
    name: "starledger_http_request_duration_seconds",
    help: "Time from a request's head to the end of its answer, by method, route and status.",
    labelNames: ["method", "route", "status"],
    buckets: REQUEST_SECONDS,
    registers: [this.registry],
  });
  private readonly refusals = new Counter({
    name: "starledger_refusals_total",
    help: "Requests answered with a problem, by its code (docs/ERRORS.md).",
    labelNames: ["code"],
    registers: [this.registry],
  });
  private readonly operations = new Counter({
    name: "starledger_operations_total",
    help: "Requests carried out and durable, by what they were.",
    labelNames: ["system", "operation"],
    registers: [this.registry],
  });
  private readonly webhooksGivenUp = new Counter({
    name: "starledger_webhooks_given_up_total",
    help: "Webhooks that this process has given up: their receivers took nothing for too long.",
    labelNames: ["system"],
    registers: [this.registry],
  });
  private readonly commitSize = new Histogram({
    name: "starledger_commit_requests",
    help: "Requests carried out in one commit.",
    labelNames: ["system"],
    buckets: SIZES,
    registers: [this.registry],
  });
  private readonly commitLeaves = new Histogram({
    name: "starledger_commit_leaves",
    help: "States and notes that one commit's signature covers.",
    labelNames: ["system"],
    buckets: SIZES,
    registers: [this.registry],
  });
  private readonly commitTime = new Histogram({
    name: "starledger_commit_duration_seconds",
    help: "Time of a commit's parts: looking up idempotency keys, taking the steps, signing, storing.",
    labelNames: ["system", "part"],
    buckets: COMMIT_SECONDS,
    registers: [this.registry],
  });

  private readonly differences = new Gauge({
    name: "starledger_reconciliation_differences",
    help: "Differences that the last reconciliation found (docs/RECONCILIATION.md).",
    labelNames: ["system"],
    registers: [this.registry],
  });
  private readonly reconciledAt = new Gauge({
    name: "starledger_reconciliation_timestamp_seconds",
    help: "When the last reconciliation ended, in Unix time.",
    labelNames: ["system"],
    registers: [this.registry],
  });
  private readonly low = new Gauge({
    name: "starledger_backing_low",
    help: "1 while less stands behind a token than should: its reserve or what may be issued (`backing`), or its `bond`.",
    labelNames: ["system", "token", "level"],
    registers: [this.registry],
  });
  private readonly reconciliationTime = new Gauge({
    name: "starledger_reconciliation_duration_seconds",
    help: "How long the last reconciliation took.",
    labelNames: ["system"],
    registers: [this.registry],
  });

  /** What Node.js and the process use; once per process. */
  measureProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Counts a request that was answered. */
  answered({ method, route = "none", status, refusal, seconds }: Answered): void {
    this.requests.observe({ method, route, status }, seconds);
    if (refusal !== undefined) this.refusals.inc({ code: refusal });
  }

  /** Counts a webhook that is told nothing more. */
  webhookGivenUp(system: Address): void {
    this.webhooksGivenUp.inc({ system });
  }

  /** Counts a commit. */
  readonly committed = ({ system, requests, leaves, times }: CommitReport): void => {
    for (const operation of requests) this.operations.inc({ system, operation });
    this.commitSize.observe({ system }, requests.length);
    this.commitLeaves.observe({ system }, leaves);
    const { began, lookup, steps, sign, store } = times;
    const parts = { lookup: lookup - began, steps: steps - lookup, sign: sign - steps, store: store - sign };
    for (const [part, time] of Object.entries(parts)) this.commitTime.observe({ system, part }, time / 1000);
  };

  /** Shows whether a token has less behind it than it should. */
  levelSeen({ system, token, level }: Level, isLow: boolean): void {
    this.low.set({ system, token, level }, isLow ? 1 : 0);
  }

  /** Shows what a reconciliation found. */
  reconciled({ system, differences }: Reconciliation, seconds: number): void {
    this.differences.set({ system }, differences.length);
    this.reconciledAt.set({ system }, Date.now() / 1000);
    this.reconciliationTime.set({ system }, seconds);
  }

  /** Shows what the services and their chains are like whenever it is asked. */
  watch(services: Services, sides: Sides): void {
    for (const { read, ...about } of GAUGES) this.show(services, about, read);
    for (const { read, ...about } of CHAIN_GAUGES) {
      this.show(services, about, (service) => {
        const side = sides.get(service);
        return side === undefined ? [] : read(side);
      });
    }
  }

  private show(
    services: Services,
    { name, help, labels }: Pick<(typeof GAUGES)[number], "name" | "help" | "labels">,
    read: (service: AccountService) => Labelled[],
  ): void {
    const gauge = new Gauge({
      name,
      help,
      labelNames: ["system", ...labels],
      registers: [this.registry],
      collect: () => {
        gauge.reset();
        for (const service of services.all()) {
          for (const [more, value] of read(service)) {
            gauge.set({ system: service.identity.system, ...more }, Number(value));
          }
        }
      },
    });
  }
}
