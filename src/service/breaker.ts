import type { Difference, DifferenceKind } from "../engine";
import { StarledgerError } from "../errors";
import { balance, positive, type Address } from "../protocol";
import type { AccountService } from "./accountService";

/** What is to stand behind a token at least. */
export interface Levels {
  /** Reserve or issue limit, in percent of what is owed. */
  readonly backingPercent: bigint;
  /** So many awards the bond is to pay. */
  readonly bondAwards: bigint;
}

/** One of the levels of a token. */
export interface Level {
  readonly system: Address;
  readonly token: Address;
  readonly level: "backing" | "bond";
}

/** What may differ for a moment, since chain and service are not read at once. */
const MOMENTARY: ReadonlySet<DifferenceKind> = new Set<DifferenceKind>([
  "chain_limit",
  "chain_epoch",
  "chain_closing",
  "chain_funds",
  "pending_over",
]);

/**
 * Stops crediting in a token whose backing no longer covers what is owed, or whose records differ; only the operator resumes. It
 * never keeps anybody from leaving.
 */
export class Breaker {
  /** What each system's last reconciliation found. */
  private readonly found = new Map<Address, ReadonlySet<string>>();
  /** What is less than it should be. */
  private readonly low = new Set<string>();

  /**
   * @param levels that a token's backing and bond are to have; while one is less, it is told once
   * @param onTrouble told of each token that is paused, or whose backing or bond becomes low
   * @param onLevel told with every look whether a level is low
   */
  constructor(
    private readonly levels: Levels,
    private readonly onTrouble: (error: StarledgerError, service: AccountService) => void,
    private readonly onLevel: (level: Level, isLow: boolean) => void,
  ) {}

  /**
   * Looks whether a token that was just read is still covered, and by enough.
   * @param bond base units that nobody was awarded yet
   */
  async checkBacking(service: AccountService, token: Address, bond: bigint): Promise<void> {
    const { settings, limit, paused, liabilities } = service.asset(token);
    const { backingPercent, bondAwards } = this.levels;
    const { award } = settings;
    this.watchLevel(service, token, "bond", bond < bondAwards * award, { bond: `${bond}`, award: `${award}` });
    if (settings.backing === "collateral") return;
    const owed = liabilities - leaving(service, token);
    const isLow = 100n * limit < backingPercent * owed;
    this.watchLevel(service, token, "backing", isLow, { owed: `${owed}`, limit: `${limit}` });
    if (owed > limit && paused === null)
      await this.pause(service, token, "backing", { owed: `${owed}`, limit: `${limit}` });
  }

  /** Pauses what a reconciliation found to differ; what may differ for a moment, only if the one before found it too. */
  async onReconciled(service: AccountService, differences: readonly Difference[]): Promise<void> {
    const { system } = service.identity;
    const before = this.found.get(system) ?? new Set();
    this.found.set(system, new Set(differences.map(nameOf)));
    const lasting = differences.filter((one) => one.kind !== "limit_exceeded");
    for (const difference of lasting) {
      if (MOMENTARY.has(difference.kind) && !before.has(nameOf(difference))) continue;
      // What is of no token concerns all of them.
      const tokens = difference.token === null ? [...service.assets()].map(({ token }) => token) : [difference.token];
      for (const token of tokens) {
        if (!service.lists(token) || service.asset(token).paused !== null) continue;
        await this.pause(service, token, "reconciliation", { kind: difference.kind });
      }
    }
  }

  private watchLevel(
    service: AccountService,
    token: Address,
    level: Level["level"],
    isLow: boolean,
    details: Readonly<Record<string, string>>,
  ): void {
    const { system } = service.identity;
    const name = [system, token, level].join(" ");
    if (isLow && !this.low.has(name)) {
      this.onTrouble(new StarledgerError(`low_${level}`, { token, ...details }), service);
    }
    if (isLow) this.low.add(name);
    else this.low.delete(name);
    this.onLevel({ system, token, level }, isLow);
  }

  private async pause(
    service: AccountService,
    token: Address,
    cause: "backing" | "reconciliation",
    details: Readonly<Record<string, string>>,
  ): Promise<void> {
    const { system } = service.identity;
    await service.submit({ type: "pauseCrediting", system, token, cause });
    this.onTrouble(new StarledgerError("crediting_paused", { token, cause, ...details }), service);
  }
}

/** What is on its way to the chain, which may have paid it already while it is still owed here. */
function leaving(service: AccountService, token: Address): bigint {
  let sum = 0n;
  for (const id of service.waitingChannels()) {
    const channel = service.channel(id);
    if (channel?.key.token !== token) continue;
    const { funds, state, note, pending } = channel;
    const isEnding = channel.status === "frozen" || channel.closing !== null;
    sum += positive(isEnding ? balance(funds, state, note) : (pending?.withdrawn ?? 0n) - funds.withdrawn);
  }
  return sum;
}

function nameOf({ kind, token, account, channel, field, got, want }: Difference): string {
  return [kind, token, account, channel, field, got, want].join(" ");
}
