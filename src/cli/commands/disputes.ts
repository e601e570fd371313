import type { Command } from "commander";
import * as z from "zod";

import type { Address } from "../../protocol";
import { dispute } from "../../wire";
import { address } from "../arguments";
import { dateOf } from "../dates";
import { define, runs } from "../define";
import type { Session } from "../session";
import { shown, type Shown } from "../shown";
import { facts } from "../tables";

interface DisputeOptions {
  readonly system?: Address;
}

export function disputesCommand(program: Command): void {
  const command = define(program, "disputes", {
    does: "Shows every close that is pending, the first to end first: who closed, what the service answers, and until when.",
    examples: ["starledger disputes", "starledger disputes --json"],
  }).option("--system <address>", "needed where several systems are served", address);
  runs<DisputeOptions, []>(command, disputes);
}

async function* disputes(session: Session, { system }: DisputeOptions): AsyncGenerator<Shown> {
  for await (const one of (await session.operator()).disputes(system)) {
    yield shown(z.encode(dispute, one), () => describe(one));
  }
}

function describe(one: z.output<typeof dispute>): string {
  const { by, humble, version, standing, latest, due, deadline, late, sent, systemCheated } = one;
  const verdict = systemCheated ? ", the system is convicted" : "";
  return facts({
    Channel: one.channelId,
    Account: one.account,
    Token: one.token,
    Closed: `by the ${by}${humble ? ", humbly" : ""}, with version ${version}, in ${one.transaction}`,
    Stands: `version ${standing} of ${latest}${verdict}`,
    Challenges: `until ${dateOf(one.challengeEnd)}`,
    Settlement: `from ${dateOf(one.settleableFrom)}`,
    Due: due.length === 0 ? "nothing" : due.join(", "),
    Deadline: deadline === null ? undefined : `${dateOf(deadline)}${late ? ", near" : ""}`,
    Sent: sent.map(({ name, status, transaction }) => `${name}: ${status} ${transaction ?? ""}`.trimEnd()).join("\n"),
  });
}
