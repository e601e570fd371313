import type { Task } from "../../chain/outbox";
import { minimum, type Address, type ChannelId } from "../../protocol";
import type { AccountService } from "../accountService";

/** What the system's own closes are made of. */
export interface OwnClosesOptions {
  readonly service: AccountService;
  readonly hub: Address;
  /** Seconds; null for never. */
  readonly closeAfter: bigint | null;
}

/** Seconds that a close of the system's own may wait to be mined, unless the challenge period is shorter. */
const PATIENCE = 3_600n;

/**
 * Freezes a channel so that the system closes it; what is frozen for that is sent by {@link OwnCloses}.
 * @throws unknown_channel, channel_frozen, closing_pending, withdrawal_pending
 */
export async function closeBySystem(service: AccountService, channelId: ChannelId, token: Address): Promise<void> {
  const { challengePeriod } = service.asset(token).settings;
  const deadline = service.time + minimum(PATIENCE, challengePeriod);
  await service.submit({ type: "close", channelId, deadline });
}

/**
 * The closes that the system begins: of users who have vanished, and of those that the operator names. What is to be sent
 * follows from the ledger: a crash between the commit and the call loses nothing (S6).
 */
export class OwnCloses {
  constructor(private readonly options: OwnClosesOptions) {}

  /**
   * Freezes what is to be closed, and says what is to be sent.
   * @param now the latest block's time, in Unix seconds
   * @param isClosing whether the chain shows a close of a channel, final or not
   * @throws store_failed
   */
  async due(now: bigint, isClosing: (id: ChannelId) => boolean): Promise<Task[]> {
    const { service, hub, closeAfter } = this.options;
    const abandoned = closeAfter === null ? [] : service.abandonedBefore(now - closeAfter);
    for (const id of abandoned) await closeBySystem(service, id, service.channel(id)!.key.token);
    const tasks: Task[] = [];
    for (const id of service.waitingChannels()) {
      const channel = service.channel(id);
      const { isOwn, until } = channel?.freeze ?? {};
      if (channel === undefined || !isOwn || until == null || until <= now || isClosing(id)) continue;
      const data = async () => {
        const complete = await service.signatures.completeState(id, channel.state.version);
        return await service.orders.close(channel, complete?.userSignature, until);
      };
      tasks.push({ name: `close:${id}:${until}`, to: hub, data, deadline: until });
    }
    return tasks;
  }
}
