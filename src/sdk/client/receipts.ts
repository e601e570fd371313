import { fail } from "../../errors";
import type { ChannelKey } from "../../protocol";
import type { WalletRecord } from "../store";
import type { StateReceipt } from "../verifyReceipt";

/**
 * The complete state of a version, with its operations, as a channel's records have it.
 * @throws unknown_state
 */
export function receiptIn(records: readonly WalletRecord[], channel: ChannelKey, version: bigint): StateReceipt {
  for (const record of records) {
    if (record.type !== "completed" || record.completed.state.version !== version) continue;
    const { state, operations, signature: userSignature, systemSignature } = record.completed;
    return { channel, state, operations, userSignature, systemSignature };
  }
  return fail("unknown_state", { version });
}
