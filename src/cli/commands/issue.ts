import type { Command } from "commander";

import type { Address } from "../../protocol";
import { issuanceReceipt } from "../../wire";
import { address } from "../arguments";
import { define, runs } from "../define";
import { withMoneyOptions, type MoneyOptions } from "../options";
import { assetOf } from "../session";
import { shownAs } from "../shown";
import { facts } from "../tables";

export function issueCommand(program: Command): void {
  const command = define(program, "issue", {
    does: "Gives an account new money.",
    examples: [
      "starledger issue 0x70997970c51812dc3a010c7d01b50e0d17dc79c8 12.50",
      "starledger issue 0x70997970c51812dc3a010c7d01b50e0d17dc79c8 100 --idempotency-key order-4711",
    ],
  })
    .argument("<account>", "who gets it", address)
    .argument("<amount>", "in whole tokens");
  runs<MoneyOptions, [Address, string]>(
    withMoneyOptions(command),
    async (session, { token, reference, ...options }, account, amount) => {
      const api = await session.operator();
      const asset = await session.asset(token);
      const issuance = { account, token: asset.token, amount: asset.parse(amount), reference };
      return shownAs(issuanceReceipt, await api.issue(issuance, options), (receipt) =>
        facts({
          Issued: `${assetOf(receipt).format(receipt.amount)} of ${receipt.token}`,
          To: receipt.account,
          Commit: `${receipt.commit}`,
        }),
      );
    },
  );
}
