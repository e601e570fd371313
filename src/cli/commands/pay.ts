import type { Command } from "commander";

import type { Address } from "../../protocol";
import { transferReceipt } from "../../wire";
import { address } from "../arguments";
import { define, runs } from "../define";
import { withMoneyOptions, type MoneyOptions } from "../options";
import { assetOf } from "../session";
import { shownAs } from "../shown";
import { facts } from "../tables";

export function payCommand(program: Command): void {
  const command = define(program, "pay", {
    does: "Pays from a hosted account to another account.",
    examples: [
      "starledger pay 0x70997970c51812dc3a010c7d01b50e0d17dc79c8 0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc 0.75",
    ],
  })
    .argument("<from>", "a hosted account", address)
    .argument("<to>", "who is paid", address)
    .argument("<amount>", "in whole tokens");
  runs<MoneyOptions, [Address, Address, string]>(
    withMoneyOptions(command),
    async (session, { token, reference, ...options }, from, to, amount) => {
      const api = await session.operator();
      const asset = await session.asset(token);
      const transfer = { from, to, token: asset.token, amount: asset.parse(amount), reference };
      return shownAs(transferReceipt, await api.transfer(transfer, options), (receipt) =>
        facts({
          Paid: `${assetOf(receipt).format(receipt.amount)} of ${receipt.token}`,
          From: receipt.from,
          To: receipt.to,
          Proof: `state ${receipt.version} of channel ${receipt.channelId}, signed by the system`,
          Commit: `${receipt.commit}`,
        }),
      );
    },
  );
}
