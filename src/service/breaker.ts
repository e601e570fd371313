import type { Difference, DifferenceKind } from "../engine";
import { StarledgerError } from "../errors";
import { balance, positive, type Address } from "../protocol";
import type { AccountService } from "./accountService";

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
  /** The tokens whose backing is low. */
  private readonly low = new Set<string>();

  /**
   * @param leastPercent of what is owed that the backing is to be; while it is less, `low_backing` is told once
   * @param onTrouble told of each token that is paused, or whose backing becomes low
   */
  constructor(
    private readonly leastPercent: bigint,
    private readonly onTrouble: (error: StarledgerError, service: AccountService) => void,
  ) {}

  /** Looks whether a token whose limit was just read is still covered, and by enough. */
  async checkBacking(service: AccountService, token: Address): Promise<void> {
    const { settings, limit, paused, liabilities } = service.asset(token);
    if (settings.backing === "collateral") return;
    const owed = liabilities - leaving(service, token);
    this.watchLevel(service, token, { owed, limit });
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

  private watchLevel(service: AccountService, token: Address, level: { owed: bigint; limit: bigint }): void {
    const name = service.identity.system + token;
    const isLow = 100n * level.limit < this.leastPercent * level.owed;
    if (isLow && !this.low.has(name)) {
      const details = { token, owed: `${level.owed}`, limit: `${level.limit}` };
      this.onTrouble(new StarledgerError("low_backing", details), service);
    }
    if (isLow) this.low.add(name);
    else this.low.delete(name);
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
