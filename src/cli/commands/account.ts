import type { Command } from "commander";

import type { Address } from "../../protocol";
import { address, addresses } from "../arguments";
import { define, group, runs } from "../define";
import { withIdempotencyKey, type Keyed } from "../options";
import { shown } from "../shown";
import { facts } from "../tables";
import { accountLifecycleCommands } from "./accountLifecycle";

interface Opening extends Keyed {
  readonly address?: Address;
  readonly token?: readonly Address[];
}

interface Account {
  readonly address: Address;
  readonly system: Address;
  readonly custody: string;
}

export function accountCommands(program: Command): void {
  const accounts = group(program, "account", "Customers' accounts.");

  const open = define(accounts, "open", {
    does: "Opens an account: hosted, with a key that the service makes and keeps, or of a customer who holds the key.",
    examples: [
      "starledger account open",
      "starledger account open --address 0x70997970c51812dc3a010c7d01b50e0d17dc79c8",
    ],
  })
    .option("--address <address>", "the customer's own account; without it the account is hosted", address)
    .option("--token <address>", "a token to keep there, repeatable; all that the service lists by default", addresses);
  runs<Opening, []>(withIdempotencyKey(open), async (session, { address: own, token, ...options }) => {
    const api = await session.operator();
    const tokens = token ?? (await api.assets()).map((asset) => asset.token);
    const opening =
      own === undefined ? ({ custody: "hosted", tokens } as const) : { custody: "self" as const, address: own, tokens };
    return shown(await api.openAccount(opening, options), describe);
  });

  const show = define(accounts, "show", {
    does: "Shows where an account is and who holds its key.",
    examples: ["starledger account show 0x70997970c51812dc3a010c7d01b50e0d17dc79c8"],
  }).argument("<address>", "the account", address);
  runs<object, [Address]>(show, async (session, _, account) =>
    shown(await (await session.operator()).account(account), describe),
  );
  accountLifecycleCommands(accounts);
}

function describe({ address: account, system, custody }: Account): string {
  const holder = custody === "hosted" ? "hosted: the service holds the key" : "self: the customer holds the key";
  return facts({ Account: account, System: system, Custody: holder });
}
