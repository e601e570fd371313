import type { ChannelId } from "../../protocol";
import type { StoreRecord, WalletRecord } from "../store";

/** Whether a record is of this channel. */
export function isOf(channelId: ChannelId, record: StoreRecord): record is WalletRecord {
  return "channelId" in record && record.channelId === channelId;
}

/** Whether what was read is a record at all. */
export function isRecord(value: unknown): value is StoreRecord {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}
