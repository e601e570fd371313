import { randomBytes } from "node:crypto";
import { setImmediate as pause } from "node:timers/promises";

import type { Provider } from "ethers";

import { encodeAnchor, encodeStatementRecord, nextPeriod, readBacking } from "../../chain/liabilities";
import type { Outbox } from "../../chain/outbox";
import type { Channel } from "../../engine";
import { fail, StarledgerError } from "../../errors";
import {
  balance,
  minimum,
  positive,
  toHash,
  toHex,
  type Address,
  type Hash,
  type Hex,
  type LiabilityStatement,
} from "../../protocol";
import type { Publication, Store } from "../../store";
import type { AccountService } from "../accountService";
import type { Snapshot } from "../books";
import { keepTree } from "./keepTree";
import { buildTree, type Liability } from "./tree";

/** What publishes the liabilities of one system. */
export interface PublisherOptions {
  readonly service: AccountService;
  readonly store: Store;
  readonly outbox: Outbox;
  readonly provider: Provider;
  readonly hub: Address;
  readonly anchor: Address;
  /** Seconds from one publication to the next; 0 for none but those that are asked for. */
  readonly interval: bigint;
  /** Unix seconds. */
  readonly now: () => bigint;
  readonly onTrouble: (error: StarledgerError) => void;
}

interface Wish {
  readonly made: Promise<Publication>;
  readonly resolve: (publication: Publication) => void;
  readonly reject: (error: unknown) => void;
}

/** Channels that are looked at before others may do something. */
const SLICE = 1_000;
/** Seconds after which another publication is made in place of one that the contract refused. */
const RETRY = 600n;

/**
 * Publishes per period and token what a system owes (section 9): takes a snapshot between two commits, builds the tree while
 * payments go on, keeps it, and then has root, total and statement sent. What is kept is sent after any crash; what is not never
 * was. The next is begun when the one before is final.
 */
export class Publisher {
  private readonly wishes = new Map<Address, Wish>();
  private building: Promise<void> | undefined;
  private isSwept = false;
  /** The last publication of each token that is final, as of the last look. */
  readonly published = new Map<Address, Publication>();

  constructor(private readonly options: PublisherOptions) {}

  /**
   * Publishes a token now; resolves once that is kept and on its way. One that is on its way already is the answer too.
   * @throws unknown_asset, store_failed, chain_unreachable, stopped
   */
  publish(token: Address): Promise<Publication> {
    this.options.service.asset(token);
    let wish = this.wishes.get(token);
    if (wish === undefined) this.wishes.set(token, (wish = newWish()));
    return wish.made;
  }

  /**
   * Sends what is kept, and begins what is due.
   * @param block the final block that the service's channels are as of
   * @throws store_failed
   */
  async look(block: bigint): Promise<void> {
    const { service, store } = this.options;
    const { system } = service.identity;
    for (const { token } of [...service.assets()]) {
      const [last] = await store.publications.list(system, token, 1);
      if (last?.status === "final") this.published.set(token, last);
      if (last?.status === "sent") this.fulfil(token, await this.send(last));
      else if (this.building === undefined && this.isDue(token, last)) await this.begin(token, last, block);
    }
  }

  /** Resolves when what is being built is kept, or not; builds no more. */
  async stop(): Promise<void> {
    for (const [token, { reject }] of this.wishes) {
      reject(new StarledgerError("stopped"));
      this.wishes.delete(token);
    }
    await this.building;
  }

  private isDue(token: Address, last: Publication | undefined): boolean {
    const { interval, now } = this.options;
    if (this.wishes.has(token)) return true;
    if (interval === 0n) return false;
    if (last === undefined) return true;
    const wait = last.status === "failed" ? minimum(interval, RETRY) : interval;
    return now() - BigInt(Math.floor(last.time / 1_000)) >= wait;
  }

  private async begin(token: Address, last: Publication | undefined, block: bigint): Promise<void> {
    const { service, store } = this.options;
    if (!this.isSwept) await store.publications.sweep(service.identity.system);
    this.isSwept = true;
    // Channels are as of the block only as long as no other has been taken in.
    const snapshot = await service.snapshot(token);
    this.building = this.make(token, (last?.statement.period ?? -1n) + 1n, block, snapshot)
      .then(async (made) => this.fulfil(token, await this.send(made)))
      .catch((error: unknown) => this.failed(token, error))
      .finally(() => (this.building = undefined));
  }

  private async make(token: Address, first: bigint, block: bigint, snapshot: Snapshot): Promise<Publication> {
    const { service, store, provider, hub, anchor, now } = this.options;
    const { system } = service.identity;
    const { commit, head, channels } = snapshot;
    const backing = await readBacking(provider, hub, { system, token, block });
    const period = await nextPeriod(provider, anchor, { system, token, period: first });
    const secret = toHash(toHex(randomBytes(32)));
    const tree = await buildTree(await liabilitiesOf(channels), secret, pause);
    const { hash: root, sum: total } = tree.root;
    await keepTree(store, system, secret, tree, pause);
    const statement: LiabilityStatement = { system, token, period, root, total, ...backing, block, commit, head };
    const unsent = { status: "sent", anchored: null, recorded: null } as const;
    const made = { statement, time: Number(now()) * 1_000, channels: channels.length, secret, ...unsent };
    if (!(await store.publications.add(made, service.status.term))) fail("not_leader", { system });
    return made;
  }

  /** Hands over what is kept, and sees what has become of it; once more changes nothing. */
  private async send(publication: Publication): Promise<Publication> {
    const { statement } = publication;
    const anchored = await this.call("anchor", statement, encodeAnchor(statement));
    const recorded = await this.call("statement", statement, encodeStatementRecord(statement));
    const hasFailed = [anchored, recorded].some(({ status }) => status === "failed" || status === "cancelled");
    const isFinal = [anchored, recorded].every(({ status }) => status === "done");
    if (!hasFailed && !isFinal) return publication;
    const status = hasFailed ? ("failed" as const) : ("final" as const);
    const ended = { ...publication, status, anchored: anchored.mined, recorded: recorded.mined };
    await this.options.store.publications.settle(ended);
    if (hasFailed) this.options.onTrouble(new StarledgerError("not_published", { period: String(statement.period) }));
    return ended;
  }

  private async call(
    what: string,
    { system, token, period, root }: LiabilityStatement,
    data: Hex,
  ): Promise<{ readonly status: string; readonly mined: Hash | null }> {
    const { outbox, anchor } = this.options;
    const call = { to: anchor, data, value: 0n, deadline: null };
    return await outbox.put(`${what}:${system}:${token}:${period}:${root}`, call, system);
  }

  private fulfil(token: Address, publication: Publication): void {
    this.wishes.get(token)?.resolve(publication);
    this.wishes.delete(token);
  }

  private failed(token: Address, cause: unknown): void {
    const error = cause instanceof StarledgerError ? cause : new StarledgerError("internal", { reason: String(cause) });
    this.wishes.get(token)?.reject(error);
    this.wishes.delete(token);
    this.options.onTrouble(error);
  }
}

/** What each channel is owed. Money that is locked is its payer's until the payer's state says otherwise. */
async function liabilitiesOf(channels: readonly Channel[]): Promise<Liability[]> {
  const liabilities: Liability[] = [];
  for (const { id, funds, state, note } of channels) {
    const owed = positive(balance(funds, state, note));
    liabilities.push({ channelId: id, balance: owed, version: state.version, seq: note.seq });
    if (liabilities.length % SLICE === 0) await pause();
  }
  return liabilities;
}

function newWish(): Wish {
  let settle: Pick<Wish, "resolve" | "reject"> | undefined;
  const made = new Promise<Publication>((resolve, reject) => (settle = { resolve, reject }));
  return { made, ...settle! };
}
