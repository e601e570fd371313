import type { Address } from "../../../src/protocol";
import type { MortalService } from "../mortalService";
import type { Payment } from "./payers";

/** How what was answered and what is in the books differ. */
export interface Verdict {
  /** Payments that were acknowledged and are not there, or not as they were asked for. */
  readonly lost: number;
  /** That are there more than once. */
  readonly doubled: number;
  /** That were refused, or never asked for, and are there. */
  readonly uncalled: number;
  /** Accounts whose balance is not what the payments make it. */
  readonly wrongBalances: number;
  /** What the service itself finds when it holds journal, channels, notes and chain against each other. */
  readonly differences: number;
}

interface Recorded {
  readonly reference: string;
  readonly from: string;
  readonly to: string;
  readonly amount: string;
}

/** @param issued what each account had in the beginning */
export async function judge(
  service: MortalService,
  issued: ReadonlyMap<Address, bigint>,
  payments: readonly Payment[],
): Promise<Verdict> {
  const recorded = new Map<string, Recorded[]>();
  for (const one of await allTransfers(service)) {
    recorded.set(one.reference, [...(recorded.get(one.reference) ?? []), one]);
  }
  let [lost, doubled] = [0, 0];
  const balances = new Map(issued);
  const move = (account: Address, amount: bigint) => balances.set(account, balances.get(account)! + amount);
  for (const { from, to, amount, reference, refusal } of payments) {
    if (refusal !== null) continue;
    move(from, -amount);
    move(to, amount);
    const found = recorded.get(reference) ?? [];
    recorded.delete(reference);
    if (!found.some((one) => one.from === from && one.to === to && one.amount === String(amount))) lost += 1;
    if (found.length > 1) doubled += 1;
  }
  let wrongBalances = 0;
  for (const [account, balance] of balances) {
    const answer = await service.call<{ balances: { balance: string }[] }>("GET", `/v1/accounts/${account}/balances`);
    if (answer.balances[0]?.balance !== String(balance)) wrongBalances += 1;
  }
  const { systems } = await service.call<{ systems: { total: number }[] }>("GET", "/v1/reconciliation");
  const differences = systems.reduce((sum, { total }) => sum + total, 0);
  return { lost, doubled, uncalled: recorded.size, wrongBalances, differences };
}

async function allTransfers(service: MortalService): Promise<Recorded[]> {
  const found: Recorded[] = [];
  let query = "";
  for (;;) {
    const page = await service.call<{ data: Recorded[]; next: string | null }>(
      "GET",
      `/v1/transfers?pageSize=200${query}`,
    );
    found.push(...page.data);
    if (page.next === null) return found;
    query = `&cursor=${page.next}`;
  }
}
