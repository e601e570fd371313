import * as z from "zod";

import { channelId, int128, signature, uint64, unsigned } from "./values";

export const closing = z.strictObject({ channelId, net: int128, deadline: uint64 });

export const closingRequest = z.strictObject({ closing, signature });

export const closingReceipt = z.object({
  commit: unsigned,
  closing,
  userSignature: signature,
  systemSignature: signature,
});
