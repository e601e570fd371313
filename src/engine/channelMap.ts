import type { ChannelId } from "../protocol";
import { ChannelPacker, type PackedChannel } from "./channelPacker";
import type { Channel } from "./records";

/** How many are kept as they are used: those of the commits under way, and those that are always paid. */
const IN_USE = 4096;

/**
 * Channels by id. Most rest, and rest packed: whole, each would be two dozen objects, through all of which the collector
 * of garbage goes again and again while everybody waits.
 */
export class ChannelMap {
  private readonly packer: ChannelPacker;
  private readonly channels: Map<ChannelId, PackedChannel>;
  /** A ring of those in use, as they came into use; from `oldest` on, the next take their places. */
  private readonly inUse: ChannelId[] = [];
  private oldest = 0;

  /** @param as what it begins with; what is set in either later is not in the other */
  constructor(as?: ChannelMap) {
    this.packer = as?.packer ?? new ChannelPacker();
    this.channels = new Map(as?.channels);
  }

  get size(): number {
    return this.channels.size;
  }

  keys(): Iterable<ChannelId> {
    return this.channels.keys();
  }

  *values(): Generator<Channel> {
    for (const [id, channel] of this.channels) yield this.packer.unpack(id, channel);
  }

  get(id: ChannelId): Channel | undefined {
    const channel = this.channels.get(id);
    if (typeof channel !== "string") return channel;
    const whole = this.packer.unpack(id, channel);
    this.use(whole);
    return whole;
  }

  set(channel: Channel): void {
    const before = this.channels.get(channel.id);
    if (typeof before === "object" && this.packer.isPackable(before)) this.channels.set(channel.id, channel);
    else this.use(channel);
  }

  /** As {@link set}, of a channel that nobody has used yet. */
  load(channel: Channel): void {
    this.channels.set(channel.id, this.packer.pack(channel));
  }

  /** Whether a channel is the same in both, or in neither. */
  isSame(id: ChannelId, other: ChannelMap): boolean {
    return this.packed(id) === other.packed(id);
  }

  private packed(id: ChannelId): PackedChannel | undefined {
    const channel = this.channels.get(id);
    return typeof channel === "object" ? this.packer.pack(channel) : channel;
  }

  /** Keeps a channel whole until so many others have come into use. */
  private use(channel: Channel): void {
    const before = this.inUse[this.oldest];
    this.inUse[this.oldest] = channel.id;
    this.oldest = (this.oldest + 1) % IN_USE;
    const longest = before === undefined ? undefined : this.channels.get(before);
    if (typeof longest === "object") this.load(longest);
    this.channels.set(channel.id, channel);
  }
}
