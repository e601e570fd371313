import { fail } from "../../errors";
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
 * @throws unknown_asset with the number of the `item`, too_many_locks, idempotency_conflict, hash_used
 */
export async function planBatch(
  crossing: Crossing,
  service: AccountService,
  order: BatchOrder,
): Promise<PlannedItem[]> {
  const { token, items, request } = order;
  const targets: (Address | undefined)[] = [];
  for (const [place, { to }] of items.entries()) {
    const target = crossing.targetOf(service, to, token).catch((error: unknown) => {
      throw ofItem(error, place);
    });
    targets.push(await target);
  }
  const [locks, maxCount] = [targets.filter((target) => target !== undefined).length, service.mostLocks];
  if (locks > maxCount) fail("too_many_locks", { locks, maxCount });
  const plan: PlannedItem[] = [];
  for (const [place, item] of items.entries()) {
    const target = targets[place];
    plan.push(
      target === undefined
        ? { item, forward: undefined }
        : await planAcross(crossing, service, target, order, item, `${request} item ${place}`),
    );
  }
  return plan;
}

async function planAcross(
  crossing: Crossing,
  service: AccountService,
  target: Address,
  { from, token, isDry }: BatchOrder,
  item: BatchItem,
  request: string,
): Promise<PlannedItem> {
  const planned = crossing.transfer(service, target, { from, token, ...item }, request);
  const forward = isDry ? planned : await crossing.begin(planned);
  const { to, amount, reference, hash, expiry } = await crossing.lockFor(service, forward);
  return { item: { to, amount, reference, lock: { hash, expiry } }, forward };
}
