import { isOpen, lockOutcomes, type Ledger } from "../engine";
import type { ChannelId } from "../protocol";
import type { Request } from "./requests";

/** The payees' channels of conditional transfers whose returned locks no state has folded. */
export function unfoldedPayees(ledger: Ledger): ChannelId[] {
  return [...ledger.openHtlcs()]
    .filter(({ payee, returnedIn }) => returnedIn > (ledger.channel(payee)?.state.noteSeq ?? 0n))
    .map(({ payee }) => payee);
}

/** The payers' channels of conditional transfers that have ended. */
export function endedPayers(ledger: Ledger): ChannelId[] {
  const payers = new Set([...ledger.openHtlcs()].map(({ payer }) => payer));
  return [...payers].filter((payer) => {
    const channel = ledger.channel(payer);
    return channel !== undefined && lockOutcomes(ledger, channel).length > 0;
  });
}

/** What completes a state for each of these channels that is hosted and open. */
export function foldsOf(ledger: Ledger, channels: readonly ChannelId[]): Request[] {
  return [...new Set(channels)].flatMap((id) => {
    const channel = ledger.channel(id);
    const isHosted = isOpen(channel) && ledger.account(channel.key.user)?.custody === "hosted";
    return isHosted ? [{ type: "foldHosted", from: channel.key.user, token: channel.key.token } as const] : [];
  });
}
