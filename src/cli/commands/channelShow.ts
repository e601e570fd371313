import { existsSync } from "node:fs";

import type { Command } from "commander";

import { fail } from "../../errors";
import { balance, emptyNote, emptyState, type ChannelId } from "../../protocol";
import { channelId } from "../arguments";
import { define, runs } from "../define";
import { assetOf, type Session } from "../session";
import { shown, type Shown } from "../shown";
import { rpcOption } from "../signing";
import { facts } from "../tables";

interface ShowOptions {
  readonly wallet?: string;
  readonly rpc?: string;
}

export function channelShowCommand(channels: Command): void {
  const id = "0xe9c5fb7283cf2414072cb79c75c2114185223a0a5a33630f6d446a5a3889779f";
  const show = define(channels, "show", {
    does: "Shows a channel: as the service has it, with all that proves it on chain as JSON; or, with --wallet, as your own wallet's file has it, without the service and without a key.",
    examples: [
      `starledger channel show ${id}`,
      `starledger channel show ${id} --json > evidence.json`,
      `starledger channel show ${id} --wallet wallet.jsonl --rpc https://node.example`,
    ],
  })
    .argument("<id>", "the channel", channelId)
    .option("--wallet <file>", "your wallet's file")
    .addOption(rpcOption());
  runs<ShowOptions, [ChannelId]>(show, (session, { wallet, rpc }, of) =>
    wallet === undefined ? ofService(session, of) : ofWallet(wallet, rpc, of),
  );
}

async function ofService(session: Session, id: ChannelId): Promise<Shown> {
  return shown(await (await session.operator()).channel(id), (channel) => {
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
  });
}

/** What the wallet's file and, with a node, the chain say. Without a node amounts are base units, for nobody names decimals. */
async function ofWallet(file: string, rpc: string | undefined, id: ChannelId): Promise<Shown> {
  if (!existsSync(file)) fail("invalid_input", { file, reason: "no such file" });
  const { ChainNode, evidenceOf, FileStore, Hub, httpProvider } = await import("../../sdk");
  const records = await FileStore.read(file);
  const opened = records.find((one) => one.type === "opened" && one.channelId === id);
  if (opened?.type !== "opened") return fail("unknown_channel", { channel: id, file });
  const { key, domain } = opened;
  const { completed, held, mayBeBehind } = evidenceOf(key, records);
  const hub = rpc === undefined ? undefined : new Hub(domain.hub, new ChainNode(httpProvider(rpc)));
  const [onChain, decimals] = hub ? await Promise.all([hub.channel(key, "finalized"), hub.decimals(key.token)]) : [];
  const isToday = onChain?.epoch === key.epoch;
  const { state } = completed ?? { state: emptyState(id) };
  const { note, locks } = held ?? { note: emptyNote(id), locks: [] };
  const known = {
    ...{ id, channel: key, hub: domain.hub, chainId: domain.chainId, mayBeBehind },
    ...{ state: completed ?? null, note: held ?? null, locks },
    ...(onChain && { decimals, epoch: onChain.epoch, closing: onChain.closing }),
    ...(onChain && isToday && { funds: onChain.funds, balance: balance(onChain.funds, state, note) }),
  };
  return shown(known, (data) => {
    const { format } = assetOf({ token: key.token, decimals: decimals ?? 0 });
    return facts({
      Channel: id,
      Status: onChain && (isToday ? (onChain.closing ? "closing" : "open") : "settled"),
      System: key.system,
      User: key.user,
      Token: key.token,
      Epoch: `${key.epoch}`,
      State: `${state.version}, net ${format(state.net)}`,
      Note: `${note.seq}, credited ${format(note.credited)}`,
      Locks: `${format(state.locked)} out, ${format(note.locked)} in`,
      Balance: data.balance === undefined ? undefined : format(data.balance),
      Behind: mayBeBehind ? "another device, or a newer copy, may have signed more" : undefined,
    });
  });
}
