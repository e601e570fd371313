import type { Command } from "commander";

import { fail } from "../../errors";
import { channelId as idOf, type ChannelId } from "../../protocol";
import { channelId } from "../arguments";
import { define, runs } from "../define";
import { assetOf, type Session } from "../session";
import { shown, type Shown } from "../shown";
import { withChainOptions, type ChainOptions } from "../signing";
import { facts } from "../tables";

export function channelWithdrawCommand(channels: Command): void {
  const command = define(channels, "withdraw", {
    does: "Sends a channel's signed withdrawal to the hub, from any account: only its recipient is paid.",
    examples: [
      "starledger channel withdraw 0xe9c5fb7283cf2414072cb79c75c2114185223a0a5a33630f6d446a5a3889779f --hub 0x… --rpc https://… --key-file key.json",
    ],
  }).argument("<id>", "the channel", channelId);
  runs<ChainOptions, [ChannelId]>(withChainOptions(command), send);
}

async function send(session: Session, options: ChainOptions, id: ChannelId): Promise<Shown> {
  const { openHub } = await import("../chainSession");
  const { key, decimals, funds, withdrawal: signed } = await (await session.operator()).channel(id);
  // What the service says of a channel holds only if it is that channel's.
  if (idOf(key) !== id) fail("unknown_channel", { channel: id });
  if (signed === null)
    return fail("bad_withdrawal", { channel: id, reason: "none is signed that is not on the chain" });
  const { withdrawal } = signed;
  const asset = assetOf({ token: key.token, decimals });
  const amount = withdrawal.withdrawn - funds.withdrawn;
  const { hub, provider, sent, report } = await openHub(session, options);
  await session.confirm(`Withdraw ${asset.format(amount)} of ${key.token} to ${withdrawal.recipient}`, options);
  report("withdraw", await hub.withdraw(key, signed));
  provider.destroy();
  const data = { channelId: id, token: key.token, amount, decimals, recipient: withdrawal.recipient, sent };
  return shown(data, () =>
    facts({
      Withdrawn: `${asset.format(amount)} of ${key.token}`,
      To: withdrawal.recipient,
      Transaction: sent[sent.length - 1]!.transaction,
    }),
  );
}
