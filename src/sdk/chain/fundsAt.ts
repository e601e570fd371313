import { fail } from "../../errors";
import type { ChannelId, Funds } from "../../protocol";
import { HUB } from "./abi";
import type { Log } from "./chainNode";
import { number, type Hub, type Parties } from "./hub";
import { ranges } from "./ranges";

/**
 * What had come in and gone out of a channel up to a final block: what the last final block has of it, less what the log has
 * from there on. Unlike the state of an old block, every full node has that.
 * @throws closing_pending if it is being closed; epoch_over if its epoch is over; chain_unreachable
 */
export async function fundsAt(
  hub: Hub,
  parties: Parties,
  id: ChannelId,
  block: bigint,
): Promise<Pick<Funds, "deposited" | "withdrawn">> {
  const { number: last } = await hub.node.block("finalized");
  const now = await hub.channel(parties, last);
  if (now.id !== id) fail("epoch_over", { got: id, want: now.id });
  if (now.closing) fail("closing_pending", { channel: id });
  let { deposited, withdrawn } = now.funds;
  for (const [from, to] of ranges(block + 1n, last)) {
    for (const [event, amounts] of await moved(hub, id, from, to)) {
      if (event === "Deposited") deposited -= amounts;
      else withdrawn -= amounts;
    }
  }
  return { deposited, withdrawn };
}

async function moved(hub: Hub, id: ChannelId, from: bigint, to: bigint): Promise<(readonly [string, bigint])[]> {
  const names = ["Deposited", "Withdrawn"] as const;
  const lists = await Promise.all(
    names.map(async (name) => {
      const logs = await hub.node.logs(hub.address, [HUB.getEvent(name)!.topicHash, id], from, to);
      return logs.map((log) => [name, amountOf(name, log)] as const);
    }),
  );
  return lists.flat();
}

function amountOf(name: string, { data, topics }: Log): bigint {
  return number(HUB.decodeEventLog(name, data, topics), "amount");
}
