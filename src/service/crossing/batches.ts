import type { Address } from "../../protocol";
import type { NewForward } from "../../store";
import type { AccountService } from "../accountService";
import { ofItem } from "../hosted";
import type { BatchItem } from "../requests";
import type { Crossing } from "./crossing";

/** Payments of one state. */
export interface BatchOrder {
  readonly from: Address;
  readonly token: Address;
  readonly items: readonly Omit<BatchItem, "lock">[];
  /** Of whom it is, with the idempotency key. */
  readonly request: string;
  /** Nothing of it is kept. */
  readonly isDry: boolean;
}

/** What the payer signs for one of them and, where the payee is of another system, what is sent on. */
export interface PlannedItem {
  readonly item: BatchItem;
  readonly forward: NewForward | undefined;
}

/**
 * How each payment of a batch is made: accounts of other systems by locks for the router in the same state.
 * @throws unknown_asset with the number of the `item`, idempotency_conflict, hash_used
 */
export async function planBatch(
  crossing: Crossing,
  service: AccountService,
  order: BatchOrder,
): Promise<PlannedItem[]> {
  const plan: PlannedItem[] = [];
  for (const [place, item] of order.items.entries()) {
    plan.push(
      await planItem(crossing, service, order, item, place).catch((error: unknown) => {
        throw ofItem(error, place);
      }),
    );
  }
  return plan;
}

async function planItem(
  crossing: Crossing,
  service: AccountService,
  { from, token, request, isDry }: BatchOrder,
  item: BatchItem,
  place: number,
): Promise<PlannedItem> {
  const target = await crossing.targetOf(service, item.to, token);
  if (target === undefined) return { item, forward: undefined };
  const planned = crossing.transfer(service, target, { from, token, ...item }, `${request} item ${place}`);
  const forward = isDry ? planned : await crossing.begin(planned);
  const { to, amount, reference, hash, expiry } = await crossing.lockFor(service, forward);
  return { item: { to, amount, reference, lock: { hash, expiry } }, forward };
}
