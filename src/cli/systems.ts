import { fail } from "../errors";
import type { Address } from "../protocol";
import type { OperatorApi } from "../sdk";

/**
 * The system that is named or, without a name, the only one.
 * @throws wrong_usage if there are several, or not this one
 */
export async function systemOf(operator: OperatorApi, named: Address | undefined): Promise<Address> {
  const systems = (await operator.systems()).map((one) => one.address);
  const [only, ...others] = named === undefined ? systems : systems.filter((one) => one === named);
  return only === undefined || others.length > 0
    ? fail("wrong_usage", { missing: "--system", known: systems.join(" ") })
    : only;
}
