import type { Command } from "commander";

import { fail } from "../../errors";
import { channelId as idOf, type ChannelId } from "../../protocol";
import { channelId } from "../arguments";
import { define, runs } from "../define";
import { shown } from "../shown";
import { facts } from "../tables";

export function channelForceCloseCommand(channels: Command): void {
  const command = define(channels, "force-close", {
    does: "Has the service close a channel on the chain without its user, who is paid what it is due: for users who are gone. `starledger disputes` shows how it goes on.",
    examples: ["starledger channel force-close 0xe9c5fb7283cf2414072cb79c75c2114185223a0a5a33630f6d446a5a3889779f"],
  })
    .argument("<id>", "the channel", channelId)
    .option("--yes", "close without asking");
  runs<{ yes?: boolean }, [ChannelId]>(command, async (session, options, id) => {
    const api = await session.operator();
    const { key } = await api.channel(id);
    if (idOf(key) !== id) fail("unknown_channel", { channel: id });
    await session.confirm(`Close channel ${id} of ${key.user} on the chain, without its user`, options);
    const { status } = await api.closeChannel(id);
    return shown({ channelId: id, account: key.user, token: key.token, status }, () =>
      facts({ Channel: id, Account: key.user, Token: key.token, Status: status }),
    );
  });
}
