import type { ChannelId } from "../protocol";
import { ChannelPacker, type PackedChannel } from "./channelPacker";
import type { Channel } from "./records";

/** How many are kept as they are used: those of the commits under way, and those that are always paid. */
const RECENT = 1024;

/**
 * Channels by id. Most rest, and rest packed: whole, each would be two dozen objects, through all of which the collector
 * of garbage goes again and again while everybody waits.
 */
export class ChannelMap {
  private readonly packer: ChannelPacker;
  private readonly packed: Map<ChannelId, PackedChannel>;
  private readonly recent = new Map<ChannelId, Channel>();

  /** @param as what it begins with; what is set in either later is not in the other */
  constructor(as?: ChannelMap) {
    this.packer = as?.packer ?? new ChannelPacker();
    this.packed = new Map(as?.packed);
  }

  get size(): number {
    return this.packed.size;
  }

  keys(): Iterable<ChannelId> {
    return this.packed.keys();
  }

  *values(): Generator<Channel> {
    for (const [id, packed] of this.packed) yield this.recent.get(id) ?? this.packer.unpack(id, packed);
  }

  get(id: ChannelId): Channel | undefined {
    const recent = this.recent.get(id);
    if (recent !== undefined) return recent;
    const packed = this.packed.get(id);
    return packed === undefined ? undefined : this.keep(this.packer.unpack(id, packed));
  }

  set(channel: Channel): void {
    this.load(channel);
    this.keep(channel);
  }

  /** As {@link set}, of a channel that nobody has used yet. */
  load(channel: Channel): void {
    this.packed.set(channel.id, this.packer.pack(channel));
  }

  /** Whether a channel is the same in both, or in neither. */
  isSame(id: ChannelId, other: ChannelMap): boolean {
    return this.packed.get(id) === other.packed.get(id);
  }

  private keep(channel: Channel): Channel {
    const { recent } = this;
    if (recent.size >= RECENT && !recent.has(channel.id)) recent.delete(recent.keys().next().value!);
    recent.set(channel.id, channel);
    return channel;
  }
}
