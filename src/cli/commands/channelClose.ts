import type { Command } from "commander";

import type { Address } from "../../protocol";
import { address } from "../arguments";
import { define, runs } from "../define";
import { withOwnAccount, withOwnOptions, type OwnOptions } from "../ownAccount";
import { assetOf } from "../session";
import { shown } from "../shown";
import { facts } from "../tables";

type CloseOptions = OwnOptions & { readonly yes?: boolean };

export function channelCloseCommand(channels: Command): void {
  const command = define(channels, "close", {
    does: "Ends your own channel as agreed with the system, and is paid on the chain at once. Without the system: `starledger exit`.",
    examples: ["starledger channel close 0x… --wallet wallet.jsonl --rpc https://… --key-file key.json"],
  })
    .argument("<token>", "the channel's token", address)
    .option("--yes", "send without asking");
  runs<CloseOptions, [Address]>(withOwnOptions(command), (session, options, token) =>
    withOwnAccount(session, options, async (client) => {
      await client.sync(token);
      const { balance, channelId, decimals } = await client.balance(token);
      const amount = assetOf({ token, decimals }).format(balance);
      await session.confirm(`Close channel ${channelId}: ${amount} of ${token} to ${client.account}`, options);
      const { transaction, gas } = await client.close(token);
      return shown({ channelId, account: client.account, token, amount: balance, decimals, transaction, gas }, () =>
        facts({ Closed: channelId, Paid: `${amount} of ${token}`, To: client.account, Transaction: transaction }),
      );
    }),
  );
}
