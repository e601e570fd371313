import type { Refundable } from "../engine";
import type { Address } from "../protocol";
import type { Store, StoredReply } from "../store";
import { SpendingBook } from "./budgets";
import type { Waiting } from "./requestQueue";
import type { Request } from "./requests";
import { paymentsRefunded } from "./subjects";

/** What the store knows that requests depend on, and the ledger does not hold. */
export class Lookups {
  constructor(
    private readonly store: Store,
    private readonly system: Address,
  ) {}

  /** Whether the store has to be asked before these are carried out. */
  static areNeeded(taken: readonly Waiting[]): boolean {
    return taken.some(({ key, budgets, request }) => {
      return key !== undefined || budgets.length > 0 || paymentsRefunded(request).length > 0;
    });
  }

  /** What was answered before, by idempotency key. */
  async replies(taken: readonly Waiting[]): Promise<Map<string, StoredReply>> {
    const keys = taken.flatMap(({ key }) => key ?? []);
    const replies = keys.length === 0 ? [] : await this.store.replies(keys);
    return new Map(replies.map((reply) => [reply.key, reply]));
  }

  /** What the keys have moved whose requests these are. */
  async spending(taken: readonly Waiting[]): Promise<SpendingBook> {
    const keys = new Set(taken.flatMap(({ budgets }) => budgets.map(({ key }) => key)));
    const spent = await Promise.all([...keys].map((key) => this.store.spending.of(this.system, key)));
    return new SpendingBook(spent.flat());
  }

  /** The payments that these requests give back of. */
  async refundables(requests: readonly Request[]): Promise<Refundable[]> {
    const payments = requests.flatMap(paymentsRefunded);
    return payments.length === 0 ? [] : await this.store.refunds.of(this.system, payments);
  }
}
