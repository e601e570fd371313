import { Option, type Command } from "commander";

import type { Address } from "../../protocol";
import type { AccountStatus } from "../../sdk";
import { address, positive } from "../arguments";
import { define, runs } from "../define";
import { shown } from "../shown";
import { facts, table } from "../tables";

const CHANGES: readonly { readonly name: string; readonly status: AccountStatus; readonly does: string }[] = [
  {
    name: "freeze",
    status: "frozen",
    does: "Stops what an account pays. It is still paid, and what is in it can be withdrawn.",
  },
  { name: "unfreeze", status: "open", does: "Lets a frozen account pay again." },
  { name: "close", status: "closed", does: "Closes an empty account for good: nobody pays it any more." },
];

const ANYBODY = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";

/** What the operator does to accounts that are open. */
export function accountLifecycleCommands(accounts: Command): void {
  const list = define(accounts, "list", {
    does: "Lists the accounts, newest first.",
    examples: ["starledger account list", "starledger account list --most 1000 --json"],
  })
    .option("--system <address>", "of this system; of one after the other by default", address)
    .addOption(new Option("--most <number>", "how many at most").argParser(positive).default(100n, "100"));
  runs<{ system?: Address; most: bigint }, []>(list, async (session, { system, most }) => {
    const found = [];
    for await (const account of (await session.operator()).accounts(system)) {
      if (BigInt(found.push(account)) >= most) break;
    }
    return shown({ accounts: found }, (data) =>
      table(
        ["Account", "System", "Custody", "Status"],
        data.accounts.map((one) => [one.address, one.system, one.custody, one.status]),
        "There is no account.",
      ),
    );
  });

  for (const { name, status, does } of CHANGES) {
    const command = define(accounts, name, { does, examples: [`starledger account ${name} ${ANYBODY}`] });
    runs<object, [Address]>(command.argument("<address>", "the account", address), async (session, _, account) =>
      shown(await (await session.operator()).setAccountStatus(account, status), (changed) =>
        facts({ Account: changed.address, Status: changed.status }),
      ),
    );
  }
}
