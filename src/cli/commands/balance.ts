import type { Command } from "commander";

import type { Address } from "../../protocol";
import { address } from "../arguments";
import { define, runs } from "../define";
import { assetOf } from "../session";
import { shown } from "../shown";
import { table } from "../tables";

export function balanceCommand(program: Command): void {
  const command = define(program, "balance", {
    does: "Shows what an account has, per token.",
    examples: [
      "starledger balance 0x70997970c51812dc3a010c7d01b50e0d17dc79c8",
      "starledger balance 0x70997970c51812dc3a010c7d01b50e0d17dc79c8 --json | jq -r '.balances[].available'",
    ],
  }).argument("<address>", "the account", address);
  runs<object, [Address]>(command, async (session, _, account) =>
    shown(await (await session.operator()).balances(account), ({ balances }) =>
      table(
        ["Token", { number: "Balance" }, { number: "Locked" }, { number: "Available" }, "Channel"],
        balances.map(({ token, decimals, balance, locked, available, status }) => {
          const { format } = assetOf({ token, decimals });
          return [token, format(balance), format(locked), format(available), status];
        }),
        "The account has no channel.",
      ),
    ),
  );
}
