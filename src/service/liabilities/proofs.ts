import { fail, StarledgerError } from "../../errors";
import { channelId, liabilitySalt, type Address, type ChannelId, type Hash, type SumPath } from "../../protocol";
import type { Publication, Store } from "../../store";
import type { AccountService } from "../accountService";
import { leafIn, LEAVES, nodesOf, placeOf } from "./chunks";
import { pathOf, type PlacedLiability } from "./tree";

/** That a channel is in what was published. */
export interface LiabilityProof extends Omit<PlacedLiability, "index"> {
  readonly salt: Hash;
  readonly path: SumPath;
}

/**
 * Proves a channel's place in a publication, from what was kept of it.
 * @throws not_in_publication, store_failed
 */
export async function proveLiability(
  { publications }: Store,
  { statement, secret, channels }: Publication,
  channelId: ChannelId,
): Promise<LiabilityProof> {
  const { system, token, period } = statement;
  const at = Buffer.from(channelId.slice(2), "hex");
  const leaves = await publications.chunk(system, secret, LEAVES, at);
  const leaf = leaves && leafIn(leaves, channelId);
  if (leaf === undefined) return fail("not_in_publication", { channel: channelId, token, period: String(period) });
  const { index, ...liability } = leaf;
  const path = await pathOf(index, channels, async (level, number) => {
    const content = await publications.chunk(system, secret, level, placeOf(number));
    return nodesOf(content ?? fail("store_corrupt", { period: String(period), level, number }));
  });
  return { ...liability, salt: liabilitySalt(secret, channelId), path };
}

/**
 * Proves what an account had in a publication: its channel may have been of an epoch that is settled by now.
 * @throws unknown_asset, not_in_publication, store_failed
 */
export async function proveAccount(
  service: AccountService,
  account: Address,
  publication: Publication,
): Promise<LiabilityProof> {
  const { token } = publication.statement;
  const key = service.channelOf(account, token)?.key ?? fail("unknown_channel", { account, token });
  for (let { epoch } = key; ; epoch--) {
    try {
      return await proveLiability(service.store, publication, channelId({ ...key, epoch }));
    } catch (error) {
      const isOfEarlier = error instanceof StarledgerError && error.code === "not_in_publication" && epoch > 0n;
      if (!isOfEarlier) throw error;
    }
  }
}

/**
 * A publication: that of a period, or the last that is final.
 * @throws unknown_publication
 */
export async function publicationFor(
  { publications }: Store,
  system: Address,
  token: Address,
  period: bigint | undefined,
): Promise<Publication> {
  const found =
    period === undefined
      ? (await publications.list(system, token, 2)).find(({ status }) => status === "final")
      : await publications.find(system, token, period);
  return (
    found ?? fail("unknown_publication", { system, token, ...(period !== undefined && { period: String(period) }) })
  );
}
