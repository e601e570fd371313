import type { ChannelId } from "../../protocol";
import type { StoreRecord, WalletRecord } from "../store";

/** Whether a record is of this channel. */
export function isOf(channelId: ChannelId, record: StoreRecord): record is WalletRecord {
  return "channelId" in record && record.channelId === channelId;
}
