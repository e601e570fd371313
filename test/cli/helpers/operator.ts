import { expect } from "chai";

import type { Address } from "../../../src/protocol";
import { operatorApi, type OperatorApi } from "../../../src/sdk";
import { starledger, type Outcome } from "./cli";
import type { Serving } from "./service";

export const WHOLE = 10n ** 18n;

/** The operator of a service, with the command line and the API at hand. */
export interface Operator {
  readonly api: OperatorApi;
  readonly token: Address;
  run(...words: string[]): Promise<Outcome>;
  /** What a command that succeeds says with `--json`. */
  json<T>(...words: string[]): Promise<T>;
  /** A hosted account with so many whole tokens. */
  hosted(whole?: bigint): Promise<Address>;
}

export function operatorOf({ url, environment, systems }: Serving): Operator {
  const api = operatorApi(url, "development");
  const [token] = systems[0].tokens;
  const run = (...words: string[]): Promise<Outcome> => starledger(words, environment);
  return {
    api,
    token,
    run,
    json: async <T>(...words: string[]) => {
      const { code, stdout, stderr } = await run(...words, "--json");
      expect([code, stderr]).to.deep.equal([0, ""]);
      return JSON.parse(stdout) as T;
    },
    hosted: async (whole = 0n) => {
      const { address } = await api.openAccount({ custody: "hosted", tokens: [token] });
      if (whole > 0n) await api.issue({ account: address, token, amount: whole * WHOLE });
      return address;
    },
  };
}
