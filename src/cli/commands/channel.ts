import type { Command } from "commander";

import type { ChannelId } from "../../protocol";
import { channelId } from "../arguments";
import { define, group, runs } from "../define";
import { assetOf } from "../session";
import { shown } from "../shown";
import { facts } from "../tables";
import { channelCloseCommand } from "./channelClose";
import { channelWithdrawCommand } from "./channelWithdraw";

export function channelCommands(program: Command): void {
  const channels = group(program, "channel", "The channels that accounts are made of.");
  const show = define(channels, "show", {
    does: "Shows a channel; as JSON with all that proves it on chain.",
    examples: [
      "starledger channel show 0xe9c5fb7283cf2414072cb79c75c2114185223a0a5a33630f6d446a5a3889779f",
      "starledger channel show 0xe9c5fb7283cf2414072cb79c75c2114185223a0a5a33630f6d446a5a3889779f --json > evidence.json",
    ],
  }).argument("<id>", "the channel", channelId);
  runs<object, [ChannelId]>(show, async (session, _, id) =>
    shown(await (await session.operator()).channel(id), (channel) => {
      const { key, funds, state, note, outgoing, withdrawal } = channel;
      const { format } = assetOf({ token: key.token, decimals: channel.decimals });
      return facts({
        Channel: channel.id,
        Status: channel.status,
        System: key.system,
        User: key.user,
        Token: key.token,
        Epoch: `${key.epoch}`,
        "On chain": `deposited ${format(funds.deposited)}, withdrawn ${format(funds.withdrawn)}, collateral ${format(funds.collateral)}`,
        State: state === null ? "none" : `${state.state.version}, net ${format(state.state.net)}`,
        Note: note === null ? "none" : `${note.note.seq}, credited ${format(note.note.credited)}`,
        Locks: `${outgoing.length} out, ${note?.locks.length ?? 0} in`,
        Withdrawal: withdrawal === null ? undefined : `signed, in all ${format(withdrawal.withdrawal.withdrawn)}`,
        Balance: format(channel.balance),
        Available: format(channel.available),
      });
    }),
  );
  channelWithdrawCommand(channels);
  channelCloseCommand(channels);
}
