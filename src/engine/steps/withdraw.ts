import { fail } from "../../errors";
import { checkWithdrawal, hashWithdrawal } from "../../protocol";
import type { CommandOf, Context } from "../commands";
import { fact } from "../events";
import { assetIn, channelIn, requireOpen, systemView, type Changes, type LedgerView } from "../view";

/**
 * Countersigns a withdrawal; what it takes is no longer available from here on (S8). The same once more changes nothing.
 * @throws wrong_signer, unknown_channel, channel_frozen, closing_pending, withdrawal_pending, bad_withdrawal, bad_deadline,
 * insufficient_balance, not_covered
 */
export function withdraw(view: LedgerView, command: CommandOf<"withdraw">, { now }: Context): Changes {
  const { withdrawal, signature, signer } = command;
  const channel = requireOpen(channelIn(view, withdrawal.channelId));
  if (signer !== channel.key.user) fail("wrong_signer", { got: signer, want: channel.key.user });
  const hash = hashWithdrawal(withdrawal);
  if (channel.pending !== null && hashWithdrawal(channel.pending) === hash) return {};
  const asset = assetIn(view, channel.key.system, channel.key.token);
  checkWithdrawal(systemView(view, channel), withdrawal, asset.settings, now);
  return {
    channels: [{ ...channel, pending: withdrawal }],
    consents: [{ kind: "withdrawal", message: withdrawal, hash, signature }],
    events: [
      fact(
        "withdrawal.signed",
        { ...withdrawal, amount: withdrawal.withdrawn - channel.funds.withdrawn },
        { account: signer, token: asset.token, reference: hash },
      ),
    ],
  };
}
