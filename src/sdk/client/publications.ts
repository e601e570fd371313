import { fail, StarledgerError, type ErrorCode } from "../../errors";
import type { Address } from "../../protocol";
import { Anchor } from "../chain/anchor";
import { fundsAt } from "../chain/fundsAt";
import { verifyLiability, type LiabilityProof, type VerifiedLiability } from "../liabilities";
import { OwnRecords } from "../liabilities/ownRecords";
import type { PublicationRecord, WalletRecord } from "../store";
import type { Channel } from "./channels";
import type { Setting } from "./setting";

/** What came of checking the account's place in a publication. */
export type PublicationCheck =
  | { readonly type: "verified"; readonly verified: VerifiedLiability }
  /** The system published something else than is true; `proof` is what it says, to be kept. */
  | { readonly type: "mismatch"; readonly error: StarledgerError; readonly proof: LiabilityProof | undefined }
  /** It came too long ago, or from another device, for the balance to be compared here; `error` says why. */
  | { readonly type: "incomparable"; readonly error: StarledgerError };

/** What a check that was carried out found wrong. */
const MISMATCHES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "invalid_proof",
  "not_published",
  "left_out",
  "balance_mismatch",
  "balance_outdated",
  "backing_mismatch",
  "not_backed",
]);

/** What will never be known better. */
const INCOMPARABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["epoch_over", "balance_unknown"]);

/** Seconds between two questions for new publications of a token. */
const INTERVAL = 600n;
/** Publications that one look checks, so that nothing else waits for long; the next goes on. */
const AT_ONCE = 20;
/** Pages of publications that are read back at most: 1,000 periods. */
const PAGES = 50;

/** Checks an account's place in what the system publishes (section 9): each publication once, and when its owner asks. */
export class Publications {
  private readonly lastAsked = new Map<Address, bigint>();
  /** The last period of a token that was checked, whatever came of it. */
  private readonly checked = new Map<Address, bigint>();

  constructor(private readonly setting: Setting) {}

  /** Checks a publication, by default the last that is final; what is verified is remembered. */
  async verify(channel: Channel, period?: bigint): Promise<VerifiedLiability> {
    return await this.verifyProof(channel, await this.proofOf(channel, period), { isAsked: true, isSuperseded: false });
  }

  /**
   * Checks every final publication since the last that was checked or, without one, since the account was first used here; the
   * oldest first. What is thrown leaves the rest to a later look.
   * @throws chain_unreachable, unreachable, and what else is no finding
   */
  async *look(channel: Channel): AsyncGenerator<PublicationCheck> {
    const { now } = this.setting;
    const { token } = channel.key;
    if (now() < (this.lastAsked.get(token) ?? -INTERVAL) + INTERVAL) return;
    this.lastAsked.set(token, now());
    const missed = await this.missed(token);
    for (const period of missed.slice(0, AT_ONCE)) {
      const check = await this.check(channel, period, period !== missed.at(-1));
      this.checked.set(token, period);
      if (check !== undefined) yield check;
    }
    if (missed.length > AT_ONCE) this.lastAsked.delete(token);
  }

  /** The final periods that were not checked yet, oldest first. */
  private async missed(token: Address): Promise<bigint[]> {
    const { api, system, hub } = this.setting;
    const last = this.checked.get(token) ?? (await this.lastVerified(token));
    const since = last === undefined ? await this.usedSince(token) : 0n;
    const missed: bigint[] = [];
    for (let page = 0, before: bigint | undefined; page < PAGES; page++) {
      const { data, hasMore } = await api.publications(system, token, before);
      for (const { status, statement } of data) {
        const { period, block } = statement;
        const isOver = last === undefined ? (await hub.node.block(block)).time < since : period <= last;
        if (isOver) return missed;
        if (status === "final") missed.unshift(period);
        before = period;
      }
      if (!hasMore) break;
    }
    return missed;
  }

  private async check(channel: Channel, period: bigint, isSuperseded: boolean): Promise<PublicationCheck | undefined> {
    let proof: LiabilityProof | undefined;
    try {
      proof = await this.proofOf(channel, period);
      const verified = await this.verifyProof(channel, proof, { isAsked: false, isSuperseded });
      return { type: "verified", verified };
    } catch (error) {
      if (!(error instanceof StarledgerError)) throw error;
      if (error.code === "not_in_publication") return undefined;
      if (INCOMPARABLE.has(error.code)) return { type: "incomparable", error };
      if (!MISMATCHES.has(error.code)) throw error;
      return { type: "mismatch", error, proof };
    }
  }

  /** @throws left_out, not_in_publication, unknown_publication */
  private async proofOf(channel: Channel, period: bigint | undefined): Promise<LiabilityProof> {
    const { token } = channel.key;
    try {
      return await this.setting.api.liability(token, period);
    } catch (error) {
      const isMissing = error instanceof StarledgerError && error.code === "not_in_publication";
      const of = period ?? (isMissing ? BigInt(error.details["period"] ?? 0) : 0n);
      if (isMissing) await this.requireNothingHeld(channel, of);
      throw error;
    }
  }

  /** That the system says that there was no channel may be true, or a lie. */
  private async requireNothingHeld({ key, wallet }: Channel, period: bigint): Promise<void> {
    const { api, hub, system } = this.setting;
    const [publication] = (await api.publications(system, key.token, period + 1n)).data;
    if (publication === undefined) return;
    const { block } = publication.statement;
    const { time } = await hub.node.block(block);
    const own = new OwnRecords(wallet.id, await this.setting.store.records(wallet.id));
    const funds = await fundsAt(hub, key, wallet.id, block);
    const { least } = own.balanceRange(funds, own.heldBefore(time));
    if (least > 0n) fail("left_out", { channel: wallet.id, token: key.token, period, balance: least });
  }

  private async verifyProof(
    { key, wallet }: Channel,
    proof: LiabilityProof,
    { isAsked, isSuperseded }: { readonly isAsked: boolean; readonly isSuperseded: boolean },
  ): Promise<VerifiedLiability> {
    const { hub, store, now } = this.setting;
    const { token } = key;
    const address = await this.anchorOf(token);
    const records: readonly WalletRecord[] = await store.records(wallet.id);
    const checks = { hub, anchor: new Anchor(address, hub.node), channel: key, records, isSuperseded };
    const verified = await verifyLiability(proof, checks);
    const { period, root } = verified.statement;
    const earlier = (await this.verified()).filter((one) => one.token === token && one.period === period);
    if (!earlier.some(({ asked }) => isAsked || asked !== true)) {
      const asked = isAsked && { asked: true as const };
      await store.append({ type: "verified", token, anchor: address, period, root, ...asked, time: now() });
    }
    return verified;
  }

  /** The contract that the owner named, or that was first asked: another that the service names is not believed. */
  private async anchorOf(token: Address): Promise<Address> {
    const { anchor, api, system, hub } = this.setting;
    const used = anchor ?? (await this.verified())[0]?.anchor;
    if (used !== undefined) return used;
    const named = (await api.publications(system, token)).anchor;
    if (named === null || !(await hub.node.hasCode(named))) return fail("wrong_chain", { anchor: named });
    return named;
  }

  /** What the owner asked for may be newer than what was missed. */
  private async lastVerified(token: Address): Promise<bigint | undefined> {
    return (await this.verified()).findLast((one) => one.token === token && one.asked !== true)?.period;
  }

  /** By the first record that says when it was made, in Unix seconds. */
  private async usedSince(token: Address): Promise<bigint> {
    const records = await this.setting.store.all();
    const ids = new Set(
      records.flatMap((one) => (one.type === "opened" && one.key.token === token ? one.channelId : [])),
    );
    const first = records.find((one) => "channelId" in one && ids.has(one.channelId) && one.time !== undefined);
    return first?.time ?? 0n;
  }

  private async verified(): Promise<PublicationRecord[]> {
    return (await this.setting.store.all()).flatMap((one) => (one.type === "verified" ? one : []));
  }
}
