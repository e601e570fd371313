import { hashWithdrawal, toAddress, type Address, type Signature, type Withdrawal } from "../../src/protocol";
import { fail } from "../../src/errors";
import type { Actor } from "./replay";
import { countTransaction, type World } from "./world";

const BATCH = 25;

/** What went to the chain, and whose tokens there are not what they should be. */
export interface WithdrawalResult {
  readonly amounts: ReadonlyMap<Address, bigint>;
  readonly total: bigint;
  readonly mismatches: number;
}

/** Withdraws the whole balances of the `count` richest accounts in batches, and looks at their tokens on chain. */
export async function withdrawRichest(world: World, actors: Iterable<Actor>, count: number): Promise<WithdrawalResult> {
  const { service, hub, system, node, points } = world;
  const token = toAddress(await points.getAddress());
  const rich = [...actors]
    .map((actor) => ({ actor, channel: service.channelOf(actor.address, token)! }))
    .map(({ actor, channel }) => ({
      actor,
      channel,
      amount: channel.state.net + channel.note.credited - channel.state.noteCredited,
    }))
    .filter(({ amount }) => amount > 0n)
    .sort((a, b) => (a.amount < b.amount ? 1 : -1))
    .slice(0, count);
  const now = BigInt((await node.provider.getBlock("latest"))!.timestamp);
  const deadline = now + 3_600n;

  const items: { user: Address; withdrawal: Withdrawal; userSignature: Signature }[] = [];
  for (const { actor, channel, amount } of rich) {
    if (actor.wallet) {
      const { withdrawal, signature } = await actor.wallet.withdraw({
        amount,
        recipient: actor.address,
        deadline,
        now,
      });
      items.push({ user: actor.address, withdrawal, userSignature: signature });
    } else {
      const request = { from: actor.address, token, amount, recipient: actor.address, deadline } as const;
      await service.submit({ type: "withdrawHosted", ...request });
      const withdrawal = service.channel(channel.id)?.pending ?? fail("unknown_channel", { channel: channel.id });
      const signed = await service.signatures.consent(hashWithdrawal(withdrawal));
      const consent = signed ?? fail("unknown_channel", { channel: channel.id });
      items.push({ user: actor.address, withdrawal, userSignature: consent.signature });
    }
  }
  let mismatches = 0;
  for (let i = 0; i < items.length; i += BATCH) {
    const { receipt, failed } = await hub.withdrawBatch(token, items.slice(i, i + BATCH));
    countTransaction(world, receipt);
    mismatches += failed.length;
  }
  const amounts = new Map<Address, bigint>();
  let total = 0n;
  const finalTime = BigInt((await node.provider.getBlock("latest"))!.timestamp);
  for (const { actor, channel, amount } of rich) {
    const { funds } = await hub.channel({ system, user: actor.address, token });
    await service.submit({ type: "updateFunds", channelId: channel.id, funds, finalTime });
    actor.wallet?.updateFunds(funds, finalTime);
    if ((await points.balanceOf(actor.address)) !== amount) mismatches += 1;
    amounts.set(actor.address, amount);
    total += amount;
  }
  return { amounts, total, mismatches };
}
