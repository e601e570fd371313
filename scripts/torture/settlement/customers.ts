import { toAddress, type Address } from "../../../src/protocol";
import type { MortalService } from "../mortalService";
import type { Random } from "../random";
import { times } from "../times";

/** A user who asks for some of what it has on chain. */
export interface Customer {
  readonly account: Address;
  readonly issued: bigint;
  readonly withdrawn: bigint;
}

/** Calls at once. */
const AT_ONCE = 64;

/** Opens accounts, each with some money. */
export async function openCustomers(
  service: MortalService,
  token: Address,
  count: number,
  random: Random,
): Promise<Customer[]> {
  return await times(count, AT_ONCE, async (i) => {
    const opening = { custody: "hosted", tokens: [token] };
    const { address } = await service.call<{ address: string }>("POST", "/v1/accounts", opening, `open-${i}`);
    const issued = BigInt(random.between(2, 1_000_000));
    const customer = { account: toAddress(address), issued, withdrawn: BigInt(random.between(1, Number(issued))) };
    const { account } = customer;
    await service.call("POST", "/v1/issuances", { account, token, amount: String(issued) }, `issue-${i}`);
    return customer;
  });
}

/** Asks for every customer's withdrawal once, however often the call must be sent. */
export async function queueWithdrawals(
  service: MortalService,
  token: Address,
  customers: readonly Customer[],
  deadline: bigint,
): Promise<void> {
  await times(customers.length, AT_ONCE, async (i) => {
    const { account, withdrawn } = customers[i]!;
    const terms = { custody: "hosted", from: account, token, amount: String(withdrawn), recipient: account };
    await service.call("POST", "/v1/withdrawals", { ...terms, deadline: String(deadline) }, `withdraw-${i}`);
  });
}
