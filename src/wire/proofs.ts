import * as z from "zod";

import { count } from "./pages";
import { time } from "./times";
import { address, channelId, decimals, hash, list, uint128, uint64, unsigned } from "./values";

const asked = { system: address.optional().meta({ description: "Needed where several systems are served." }) };

/** What a system has published of its liabilities in one token. */
export const liabilityStatement = z.object({
  system: address,
  token: address,
  period: uint64.meta({ description: "From 0 on, without gaps." }),
  root: hash.meta({ description: "Of the Merkle sum tree over all channels." }),
  total: uint128.meta({ description: "Base units that the system owes, as all that follow." }),
  reserve: uint128,
  bond: uint128,
  issueLimit: unsigned.meta({ description: "What may still be issued; 0 for a token that the system does not issue." }),
  block: uint64.meta({ description: "The final block that all of it is as of." }),
  commit: uint64.meta({ description: "The last commit that balances are as of." }),
  head: hash.meta({ description: "Of the journal's hash chain, after that commit." }),
});

export const publication = z.object({
  statement: liabilityStatement,
  time,
  decimals,
  channels: z.int().min(0),
  status: z
    .enum(["sent", "final", "failed"])
    .meta({ description: "On its way to the chain; there for good; refused by it, so that it never will be." }),
  transactions: z.object({
    anchored: hash.nullable().meta({ description: "Final, with root and total." }),
    recorded: hash.nullable().meta({ description: "Final, with the hash of the statement." }),
  }),
});

export const publications = z.object({
  anchor: address.nullable().meta({
    description: "The anchor contract, for comparison only: whoever checks a proof takes it from where it trusts.",
  }),
  data: list(publication),
  hasMore: z.boolean(),
});

export const publicationQuery = z.strictObject({
  ...asked,
  token: address,
  before: uint64.optional().meta({ description: "Only periods before this one." }),
  limit: count(100, 20),
});

export const publishing = z.strictObject({ ...asked, token: address });

export const proofQuery = z.strictObject({
  token: address,
  period: uint64.optional().meta({ description: "The last that is final unless said." }),
});

/** That a channel is in what was published. */
export const liabilityProof = z.object({
  publication,
  leaf: z.object({ channelId, salt: hash, balance: uint128 }),
  path: z.object({ index: uint64, siblings: list(z.object({ hash, sum: uint128 })) }),
  version: uint64.meta({ description: "Of the state that the balance follows from; 0 for none." }),
  seq: uint64.meta({ description: "Of the note that it follows from; 0 for none." }),
});

/** The hash chain of a system's log. */
export const journalQuery = z.strictObject({
  ...asked,
  after: unsigned.prefault("0"),
  limit: count(1_000, 1_000),
});

export const journalCommits = z.object({
  data: list(z.object({ id: unsigned, events: list(hash), head: hash })),
});

export const journalEvents = z.object({
  data: list(
    z.object({
      number: unsigned,
      text: z.string().meta({ description: "What the event's hash is of; empty where the row is no event." }),
    }),
  ),
});
