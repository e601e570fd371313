import type { Opened } from "../../src/engine";
import {
  addressOf,
  advanceState,
  DEFAULT_LOCK_POLICY,
  defaultAllotment,
  digest,
  domainSeparator,
  hashState,
  keccakText,
  sign,
  toAddress,
  ZERO_HASH,
  type Address,
  type Hex,
  type Lock,
  type LockPolicy,
  type State,
  type StateOperation,
} from "../../src/protocol";
import { AccountService, Keystore, type Request, type ServiceOptions } from "../../src/service";
import { boundGarbage } from "../../src/service/heap";
import { localKey } from "../../src/signer";
import type { Store } from "../../src/store";

const token = toAddress("0x00000000000000000000000000000000000000aa");
const domain = { chainId: 31337n, hub: toAddress("0x00000000000000000000000000000000000000bb") };
const separator = domainSeparator(domain);
const settings = {
  backing: "issued",
  challengePeriod: 86400n,
  claimWindow: 86400n,
  lockLimit: 86400n,
  award: 0n,
  staleFee: 0n,
} as const;
/** Accounts that are opened together, as `POST /v1/accounts/batch` takes them, and how many times as many at once. */
const [TOGETHER, AT_ONCE] = [1_000, 4];
/** Issues of money under way at once. */
const WAVE = 5_000;

/** A service with accounts that all have money, and the keys of those whose owners sign. */
export class World {
  readonly token = token;
  private readonly channels = new Map<number, { readonly state: State; readonly locks: readonly Lock[] }>();

  private constructor(
    private readonly options: ServiceOptions,
    readonly service: AccountService,
    /** Of accounts whose owners sign; what they are is known before they are opened. */
    private readonly keys: readonly Hex[],
    /** Of all accounts, in the order of their keys where there are any. */
    readonly addresses: Address[],
  ) {}

  /** A service without accounts, and the keys of those that are to be. */
  static async start(
    store: Store,
    custody: "self" | "hosted",
    accounts: number,
    locks: Partial<LockPolicy> = {},
  ): Promise<World> {
    boundGarbage();
    const signer = localKey(keccakText("signer"));
    const system = addressOf(keccakText(`system ${custody} ${Date.now()}`));
    const keystore = new Keystore("bench", `0x${"11".repeat(16)}`);
    const options = { store, domain, system, signer, keystore, locks: { ...DEFAULT_LOCK_POLICY, ...locks } };
    const service = await AccountService.start(options);
    const limit = defaultAllotment(18);
    const asset = { system, token, decimals: 18, settings, allotment: limit, limit };
    await service.submit({ type: "addAsset", asset });
    const count = custody === "self" ? accounts : 0;
    const keys = Array.from({ length: count }, (_, i) => keccakText(`user ${i}`) as Hex);
    return new World(options, service, keys, keys.map(addressOf));
  }

  /** Opens the accounts: those whose keys there are, or so many for which the service makes them. */
  async open(accounts: number): Promise<void> {
    const own = [...this.addresses];
    const starts = Array.from({ length: Math.ceil(accounts / TOGETHER) }, (_, i) => i * TOGETHER);
    const openTogether = async (i: number) => {
      const openings = Array.from({ length: Math.min(TOGETHER, accounts - i) }, (_, k) => {
        return { address: own[i + k] ?? null, tokens: [token] };
      });
      const { opened = [] } = await this.service.submit({ type: "openMany", openings });
      if (own.length === 0) this.addresses.push(...opened.map(addressIn));
    };
    const inTurn = async () => {
      for (let i = starts.shift(); i !== undefined; i = starts.shift()) await openTogether(i);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, inTurn));
  }

  /** Gives every account its first money. */
  async fund(): Promise<void> {
    for (let i = 0; i < this.addresses.length; i += WAVE) {
      const issues = this.addresses.slice(i, i + WAVE).map((account) => {
        return { type: "issue", account, token, amount: 10n ** 18n, reference: ZERO_HASH } as const;
      });
      await Promise.all(issues.map((request) => this.service.submit(request)));
    }
  }

  /** Starts and stops another service on what this one, which has stopped, has stored. */
  async startAgain(): Promise<void> {
    const service = await AccountService.start(this.options);
    await service.stop();
  }

  /** The same with another service, on what this one, which has stopped, has stored. */
  async again(): Promise<World> {
    return new World(this.options, await AccountService.start(this.options), this.keys, this.addresses);
  }

  /** Another account than `from`, the `i`th time. */
  payee(i: number, from: number): Address {
    const to = (i * 7919 + 1) % this.addresses.length;
    return this.addresses[to === from ? (to + 1) % this.addresses.length : to]!;
  }

  /** The next state of an account, signed by its owner beforehand. */
  signed(from: number, operations: readonly StateOperation[]): Request {
    const fresh = { state: this.service.channelOf(this.addresses[from]!, token)!.state, locks: [] };
    const { state, locks } = this.channels.get(from) ?? fresh;
    const next = advanceState(state, locks, operations);
    this.channels.set(from, next);
    const signature = sign(digest(separator, hashState(next.state)), this.keys[from]!);
    return { type: "submitState", proposal: next.state, operations, signature };
  }

  /** The locks that an account pays by, as it has signed them. */
  locks(from: number): readonly Lock[] {
    return this.channels.get(from)?.locks ?? [];
  }
}

function addressIn(opened: Opened): Address {
  if ("refused" in opened) throw new Error(opened.refused);
  return opened.address;
}
