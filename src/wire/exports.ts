import * as z from "zod";

import { account, channelStatus, metadata } from "./accounts";
import { completeState, signedWithdrawal } from "./channels";
import { event } from "./events";
import { lock, lockOutcome, systemSignature, note } from "./messages";
import { time } from "./times";
import { address, channelId, decimals, hash, int128, list, uint128, unsigned } from "./values";

/** What proves a channel on chain: saved to a file, `starledger exit` takes it (docs/RECOVERY.md). */
export const evidence = z.object({
  channel: z.object({ system: address, user: address, token: address, epoch: unsigned }),
  state: completeState.optional(),
  note: z.object({ note, signed: systemSignature }).optional(),
  locks: list(lock).meta({ description: "All leaves of the note's tree, in their order." }),
  preimages: list(hash).meta({ description: "Those of the locks' hashes that are known here." }),
});

const exportedChannel = z.object({
  id: channelId,
  decimals,
  status: channelStatus,
  funds: z.object({ deposited: uint128, withdrawn: uint128, reclaimed: uint128, collateral: uint128 }),
  balance: int128,
  available: int128,
  evidence,
  outgoing: list(lock).meta({ description: "The locks pending in the state." }),
  outcomes: list(lockOutcome),
  withdrawal: signedWithdrawal.nullable(),
});

/** Everything that is held about an account. */
export const accountExport = z.object({
  time,
  hub: address,
  chainId: unsigned,
  account,
  alias: z.string().nullable(),
  metadata,
  channels: list(exportedChannel),
  events: list(event).meta({
    description: "All that happened to it, the first one first.",
  }),
});
