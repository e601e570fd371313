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
  | { readonly type: "mismatch"; readonly error: StarledgerError; readonly proof: LiabilityProof | undefined };

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

/** Seconds between two questions for a new publication of a token. */
const INTERVAL = 600n;

/** Checks an account's place in what the system publishes (section 9): each publication once, and when its owner asks. */
export class Publications {
  private readonly asked = new Map<Address, bigint>();
  /** The last period of a token that was checked, whatever came of it. */
  private readonly checked = new Map<Address, bigint>();

  constructor(private readonly setting: Setting) {}

  /** Checks a publication, by default the last that is final; what is verified is remembered. */
  async verify(channel: Channel, period?: bigint): Promise<VerifiedLiability> {
    return await this.verifyProof(channel, await this.proofOf(channel, period));
  }

  /**
   * Checks the newest publication, if there is one that is final and was not checked yet.
   * @throws chain_unreachable, unreachable, and what else is no finding
   */
  async look(channel: Channel): Promise<PublicationCheck | undefined> {
    const { api, system, now } = this.setting;
    const { token } = channel.key;
    if (now() < (this.asked.get(token) ?? -INTERVAL) + INTERVAL) return undefined;
    this.asked.set(token, now());
    const [newest] = (await api.publications(system, token)).data;
    if (newest?.status !== "final") return undefined;
    const { period } = newest.statement;
    const last = this.checked.get(token) ?? (await this.lastVerified(token))?.period ?? -1n;
    if (period <= last) return undefined;
    const check = await this.check(channel, period);
    this.checked.set(token, period);
    return check;
  }

  private async check(channel: Channel, period: bigint): Promise<PublicationCheck | undefined> {
    let proof: LiabilityProof | undefined;
    try {
      proof = await this.proofOf(channel, period);
      return { type: "verified", verified: await this.verifyProof(channel, proof) };
    } catch (error) {
      if (!(error instanceof StarledgerError)) throw error;
      if (error.code === "not_in_publication") return undefined;
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

  private async verifyProof({ key, wallet }: Channel, proof: LiabilityProof): Promise<VerifiedLiability> {
    const { hub, store, now } = this.setting;
    const { token } = key;
    const address = await this.anchorOf(token);
    const records: readonly WalletRecord[] = await store.records(wallet.id);
    const checks = { hub, anchor: new Anchor(address, hub.node), channel: key, records };
    const verified = await verifyLiability(proof, checks);
    const { period, root } = verified.statement;
    if ((await this.lastVerified(token))?.period !== period) {
      await store.append({ type: "verified", token, anchor: address, period, root, time: now() });
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

  private async lastVerified(token: Address): Promise<PublicationRecord | undefined> {
    return (await this.verified()).findLast((one) => one.token === token);
  }

  private async verified(): Promise<PublicationRecord[]> {
    return (await this.setting.store.all()).flatMap((one) => (one.type === "verified" ? one : []));
  }
}
