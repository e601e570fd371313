import { fail } from "../../errors";
import { minimum } from "../../protocol";
import type { Core } from "./core";
import type { CloseIntent } from "./options";

/** How long a close may wait to be mined, in seconds, unless the challenge period is shorter. */
const CLOSE_PATIENCE = 3_600n;

/** Freezes the channel, durably, and returns what to send to the hub (section 6). */
export async function closeAlone({ memory, options }: Core, now: bigint): Promise<CloseIntent> {
  const { agreeing } = memory;
  if (agreeing !== undefined) fail("closing_pending", { until: agreeing.closing.deadline });
  await memory.freeze();
  const { asset, channel } = options;
  const isOriginal = options.isOriginal === true && !memory.mayBeBehind && !memory.isLost;
  return {
    channel,
    completed: memory.completed,
    held: memory.held,
    humble: !isOriginal,
    fee: isOriginal ? 0n : asset.staleFee,
    deadline: now + minimum(CLOSE_PATIENCE, asset.challengePeriod),
  };
}
