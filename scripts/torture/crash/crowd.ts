import path from "node:path";

import { toAddress, type Address } from "../../../src/protocol";
import { connect, FileStore, localSigner, newKey, operatorApi, type Client } from "../../../src/sdk";
import type { LocalService } from "../localService";
import { OPERATOR_KEY } from "../mortalService";
import { times } from "../times";
import type { Payer } from "./payers";

/** Calls at once. */
const AT_ONCE = 16;

/** Everybody who pays, and what each had in the beginning. */
export interface Crowd {
  readonly payers: readonly Payer[];
  readonly issued: ReadonlyMap<Address, bigint>;
  /** Those who keep their own key, in their order; to be stopped. */
  readonly clients: readonly Client[];
}

/** Opens accounts with some money: hosted ones, and others whose wallets keep their records in `folder`. */
export async function openCrowd(
  { service, chain, token }: LocalService,
  counts: { readonly hosted: number; readonly own: number },
  folder: string,
): Promise<Crowd> {
  const { url } = service;
  const api = operatorApi(url, OPERATOR_KEY);
  const hosted = async (i: number): Promise<Payer> => {
    const opening = { custody: "hosted", tokens: [token] };
    const { address } = await service.call<{ address: string }>("POST", "/v1/accounts", opening, `hosted-${i}`);
    const pay: Payer["pay"] = (order) => api.transfer({ ...order, token }, { idempotencyKey: order.reference });
    return { account: toAddress(address), pay };
  };
  const own = async (i: number): Promise<Payer & { readonly client: Client }> => {
    const account = localSigner(newKey());
    const { address } = account;
    await service.call("POST", "/v1/accounts", { custody: "self", address, tokens: [token] }, `own-${i}`);
    const store = await FileStore.open(path.join(folder, `wallet-${i}`));
    const client = await connect({ url, rpc: chain.url, account, store, isOriginal: true });
    return {
      account: address,
      pay: ({ to, amount, reference }) => client.pay({ to, token, amount, reference }),
      client,
    };
  };
  const owners = await times(counts.own, AT_ONCE, own);
  const payers: Payer[] = [...(await times(counts.hosted, AT_ONCE, hosted)), ...owners];
  const issued = new Map<Address, bigint>();
  await times(payers.length, AT_ONCE, async (i) => {
    const { account } = payers[i]!;
    const amount = 1_000_000n;
    await service.call("POST", "/v1/issuances", { account, token, amount: String(amount) }, `issue-${i}`);
    issued.set(account, amount);
  });
  return { payers, issued, clients: owners.map(({ client }) => client) };
}
