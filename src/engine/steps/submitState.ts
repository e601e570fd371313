import { fail } from "../../errors";
import { checkProposal, hashState, type Address, type NoteOperation } from "../../protocol";
import type { CommandOf } from "../commands";
import { entry, type JournalLine } from "../journal";
import type { Channel, IssuedNote } from "../records";
import {
  accountIn,
  assetIn,
  channelIn,
  openChannelOf,
  requireOpen,
  systemView,
  type Changes,
  type LedgerView,
} from "../view";
import { credit, requireOther, withLiabilities } from "./credit";

/**
 * Completes a state that U signed, and credits everyone it pays, in one commit (S1, S2, S5). The same bytes once more
 * change nothing: what was completed stands.
 * @throws wrong_signer, unknown_channel, unknown_account, channel_frozen, closing_pending, equivocation, stale_version,
 * state_mismatch, unknown_note, insufficient_balance, self_payment, not_covered, allotment_exceeded, invalid_amount
 */
export function submitState(view: LedgerView, command: CommandOf<"submitState">): Changes {
  const { proposal, operations, signature, signer } = command;
  const payer = channelIn(view, proposal.channelId);
  if (signer !== payer.key.user) fail("wrong_signer", { got: signer, want: payer.key.user });
  const hash = hashState(proposal);
  if (proposal.version === payer.state.version) {
    if (hash === hashState(payer.state)) return {};
    fail("equivocation", { version: proposal.version });
  }
  checkProposal(systemView(view, requireOpen(payer)), proposal, operations);

  const asset = assetIn(view, payer.key.system, payer.key.token);
  const journal: JournalLine[] = [];
  const received = new Map<Address, NoteOperation[]>();
  let redeemed = 0n;
  for (const operation of operations) {
    if (operation.type === "fold") continue;
    const { amount, reference } = operation;
    if (operation.type === "redeem") {
      redeemed += amount;
      journal.push(...entry(asset, signer, "redeemed", amount, reference));
      continue;
    }
    requireOther(signer, operation.to);
    const operationsOfPayee = received.get(operation.to) ?? [];
    operationsOfPayee.push({ type: "receive", from: signer, amount, reference });
    received.set(operation.to, operationsOfPayee);
    journal.push(...entry(asset, signer, operation.to, amount, reference));
  }

  const channels: Channel[] = [{ ...payer, state: proposal }];
  const notes: IssuedNote[] = [];
  for (const [to, receipts] of received) {
    const payee = accountIn(view, to);
    if (payee.system !== asset.system) fail("unknown_account", { account: to, system: asset.system });
    const credited = credit(view, openChannelOf(view, payee, asset.token), asset, receipts);
    channels.push(credited.channel);
    notes.push(credited.issued);
  }
  return {
    ...(redeemed > 0n && { assets: [withLiabilities(asset, -redeemed)] }),
    channels,
    states: [{ state: proposal, hash, signature }],
    notes,
    journal,
  };
}
