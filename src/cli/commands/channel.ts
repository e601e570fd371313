import type { Command } from "commander";

import { group } from "../define";
import { channelCloseCommand } from "./channelClose";
import { channelForceCloseCommand } from "./channelForceClose";
import { channelShowCommand } from "./channelShow";
import { channelWithdrawCommand } from "./channelWithdraw";

export function channelCommands(program: Command): void {
  const channels = group(program, "channel", "The channels that accounts are made of.");
  channelShowCommand(channels);
  channelWithdrawCommand(channels);
  channelCloseCommand(channels);
  channelForceCloseCommand(channels);
}
