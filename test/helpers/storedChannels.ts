import type { Channel } from "../../src/engine";
import type { Address } from "../../src/protocol";
import type { Store } from "../../src/store";

/** All channels that a start reads. */
export async function storedChannels({ ledger }: Store, system: Address): Promise<Channel[]> {
  const channels: Channel[] = [];
  for await (const page of ledger.channels(system)) channels.push(...page);
  return channels;
}
