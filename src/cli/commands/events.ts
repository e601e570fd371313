import { InvalidArgumentError, Option, type Command } from "commander";
import * as z from "zod";

import type { Address } from "../../protocol";
import type { LedgerEvent } from "../../sdk";
import { event, eventType } from "../../wire";
import { address, positive, whole } from "../arguments";
import { define, runs } from "../define";
import type { Session } from "../session";
import { shown, type Shown } from "../shown";
import { systemOf } from "../systems";

interface EventOptions {
  readonly after: bigint;
  readonly most: bigint;
  readonly follow: boolean;
  readonly type?: readonly LedgerEvent["type"][];
  readonly account?: Address;
  readonly token?: Address;
  readonly system?: Address;
}

export function eventsCommand(program: Command): void {
  const command = define(program, "events", {
    does: "Shows what happened in a system, oldest first: one line for each event, numbered without gaps.",
    examples: [
      "starledger events",
      "starledger events --follow --after 4711 --json",
      "starledger events --type deposit.credited --type withdrawal.settled",
    ],
  })
    .addOption(new Option("--after <number>", "only events with a higher number").argParser(whole).default(0n, "0"))
    .addOption(new Option("--most <number>", "how many at most").argParser(positive).default(100n, "100"))
    .option("--follow", "stay, and show each event as it comes; without an end", false)
    .option("--type <type>", "only events of this type, repeatable", eventTypeOf)
    .option("--account <address>", "only what this account has to do with", address)
    .option("--token <address>", "only what is in this token", address)
    .option("--system <address>", "needed where several systems are served and no account is named", address);
  runs<EventOptions, []>(command, events);
}

async function* events(session: Session, options: EventOptions): AsyncGenerator<Shown> {
  for await (const one of options.follow ? heard(session, options) : kept(session, options)) {
    yield shown(z.encode(event, one), () => describe(one));
  }
}

/** As they come, over the stream: of a whole log it checks that no number is missing. */
async function* heard(session: Session, options: EventOptions): AsyncGenerator<LedgerEvent> {
  const { after, type, account, token } = options;
  const operator = await session.operator();
  const isAnyones = options.system === undefined && account !== undefined;
  const system = isAnyones ? (await operator.account(account)).system : await systemOf(operator, options.system);
  const query = { system, after, ...(account && { account }), ...(type && { types: type }) };
  for await (const one of (await session.stream()).events(query)) {
    if (token === undefined || one.token === token) yield one;
  }
}

async function* kept(session: Session, options: EventOptions): AsyncGenerator<LedgerEvent> {
  const { most, type, after, account, token, system } = options;
  const filter = {
    after,
    ...(type && { type }),
    ...(account && { account }),
    ...(token && { token }),
    ...(system && { system }),
  };
  let left = most;
  for await (const one of (await session.operator()).events(filter, { stay: false })) {
    yield one;
    if (--left === 0n) return;
  }
}

function describe({ number, time, type, account, counterparty, amount, token }: LedgerEvent): string {
  const who = [account, counterparty].filter((one) => one !== null).join(" -> ");
  // One line may be of any token: base units.
  const what = amount === null ? "" : `${amount} of ${token}`;
  return [`${number}`, new Date(time).toISOString(), type, who, what].filter((part) => part !== "").join("  ");
}

function eventTypeOf(text: string, before: readonly LedgerEvent["type"][] = []): readonly LedgerEvent["type"][] {
  const { data } = eventType.safeParse(text);
  if (data === undefined) throw new InvalidArgumentError(`known are ${eventType.options.join(", ")}.`);
  return [...before, data];
}
