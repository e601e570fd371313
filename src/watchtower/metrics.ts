import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";

import type { Item } from "../chain/outbox";
import type { ErrorCode } from "../errors";
import type { Appointments } from "./appointments";
import type { Tower } from "./tower";

/** What a watchtower counts and measures, for Prometheus. */
export class TowerMetrics {
  readonly registry = new Registry();
  private readonly handovers = new Counter({
    name: "starledger_tower_handovers_total",
    help: "What was handed over and taken.",
    registers: [this.registry],
  });
  private readonly refusals = new Counter({
    name: "starledger_tower_refusals_total",
    help: "Requests answered with a problem, by its code (docs/ERRORS.md).",
    labelNames: ["code"],
    registers: [this.registry],
  });
  private readonly answers = new Counter({
    name: "starledger_tower_answers_total",
    help: "Calls to a chain that are over, by what was shown and how it ended.",
    labelNames: ["shown", "status"],
    registers: [this.registry],
  });
  private readonly troubles = new Counter({
    name: "starledger_tower_troubles_total",
    help: "What went wrong while watching, by its code; low_balance and fee_cap need somebody.",
    labelNames: ["chain", "code"],
    registers: [this.registry],
  });

  /** What Node.js and the process use; once per process. */
  measureProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  taken(): void {
    this.handovers.inc();
  }

  refused(code: ErrorCode): void {
    this.refusals.inc({ code });
  }

  answered({ key, status }: Item): void {
    this.answers.inc({ shown: key.split(":")[2] ?? "none", status });
  }

  troubled(chainId: bigint, code: ErrorCode): void {
    this.troubles.inc({ chain: String(chainId), code });
  }

  /** Shows how the tower stands whenever it is asked. */
  watch(tower: Tower, appointments: Appointments): void {
    const kept: Gauge = new Gauge({
      name: "starledger_tower_appointments",
      help: "Channels that are watched.",
      registers: [this.registry],
      collect: async () => kept.set(await appointments.count()),
    });
    const open: Gauge = new Gauge({
      name: "starledger_tower_open_closes",
      help: "Closes that are pending in channels that are watched.",
      labelNames: ["chain", "hub"],
      registers: [this.registry],
      collect: async () => {
        for (const chain of tower.chains) {
          for (const hub of chain.hubs) {
            open.set({ chain: String(chain.chainId), hub: hub.domain.hub }, (await hub.open()).size);
          }
        }
      },
    });
    const time: Gauge = new Gauge({
      name: "starledger_tower_block_timestamp_seconds",
      help: "Time of the latest block that was seen, in Unix time.",
      labelNames: ["chain"],
      registers: [this.registry],
      collect: () => {
        for (const chain of tower.chains) time.set({ chain: String(chain.chainId) }, Number(chain.time));
      },
    });
  }
}
