import { fail } from "../src/errors";
import type { Address } from "../src/protocol";
import { operatorApi, type OperatorApi } from "../src/sdk";

/** Where the service and its chain are, and the key of its operator: as `examples/run.ts`, or whoever starts an example, says. */
export const SERVICE = {
  url: process.env["STARLEDGER_URL"] ?? "http://127.0.0.1:8080",
  rpc: process.env["STARLEDGER_RPC_URL"] ?? "http://127.0.0.1:8545",
};

export function operator(): OperatorApi {
  const key = process.env["STARLEDGER_API_KEY"] ?? fail("missing_secret", { sources: "STARLEDGER_API_KEY" });
  return operatorApi(SERVICE.url, key);
}

/** A token and what a whole one is in base units. */
export interface Listed {
  readonly token: Address;
  readonly decimals: number;
  readonly whole: bigint;
}

/** The first token that the service lists. */
export async function firstToken(api: OperatorApi): Promise<Listed> {
  const [asset] = await api.assets();
  if (asset === undefined) return fail("unknown_asset", { token: "none is listed" });
  const { token, decimals } = asset;
  return { token, decimals, whole: 10n ** BigInt(decimals) };
}
