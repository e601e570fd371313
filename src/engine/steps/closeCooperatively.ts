import { fail } from "../../errors";
import { checkClosing, hashClosing } from "../../protocol";
import type { CommandOf, Context } from "../commands";
import { fact } from "../events";
import { assetIn, channelIn, requireOpen, systemView, type Changes, type LedgerView } from "../view";

/**
 * Countersigns a cooperative closing; nothing else is signed until it is mined or its deadline is final (S8).
 * @throws wrong_signer, unknown_channel, channel_frozen, closing_pending, withdrawal_pending, state_mismatch, bad_deadline
 */
export function closeCooperatively(
  view: LedgerView,
  command: CommandOf<"closeCooperatively">,
  { now }: Context,
): Changes {
  const { closing, signature, signer } = command;
  const channel = channelIn(view, closing.channelId);
  if (signer !== channel.key.user) fail("wrong_signer", { got: signer, want: channel.key.user });
  const hash = hashClosing(closing);
  if (channel.closing !== null && hashClosing(channel.closing) === hash) return {};
  const asset = assetIn(view, channel.key.system, channel.key.token);
  checkClosing(systemView(view, requireOpen(channel)), closing, asset.settings, now);
  return {
    channels: [{ ...channel, closing }],
    consents: [{ kind: "closing", message: closing, hash, signature }],
    events: [fact("closing.signed", { ...closing }, { account: signer, token: channel.key.token, reference: hash })],
  };
}
