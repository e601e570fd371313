import { digest, hashState, keccakText, nextState, sign, type Address, type StateOperation } from "../../src/protocol";
import type { AccountService, Request } from "../../src/service";
import { issue, person, POINTS, SEPARATOR } from "./service";

export const reference = (text: string) => keccakText(text);

export const payment = (from: Address, to: Address | null, amount: bigint, text = ""): Request => ({
  type: "pay",
  from,
  to,
  token: POINTS,
  amount,
  reference: reference(text),
});

/** A self-custody user's signed state. */
export function signed(service: AccountService, name: string, operations: StateOperation[]): Request {
  const { key, address } = person(name);
  const proposal = nextState(service.channelOf(address, POINTS)!.state, operations);
  return { type: "submitState", proposal, operations, signature: sign(digest(SEPARATOR, hashState(proposal)), key) };
}

export async function openSelf(service: AccountService, name: string, amount: bigint): Promise<Address> {
  const { address } = person(name);
  await service.submit({ type: "openAccount", address, tokens: [POINTS] });
  await issue(service, address, amount);
  return address;
}
