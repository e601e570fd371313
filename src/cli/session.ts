import { createInterface } from "node:readline/promises";

import { fail } from "../errors";
import type { Address } from "../protocol";
import {
  formatAmount,
  operatorApi,
  parseAmount,
  streamApi,
  type OperatorApi,
  type OperatorOptions,
  type StreamApi,
} from "../sdk";
import { readSecret } from "./secrets";

/** What every command takes. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly url: string;
  readonly apiKeyFile?: string;
}

/** A token as the service lists it, with amounts of it as people write them. */
export interface Asset {
  readonly token: Address;
  readonly decimals: number;
  /** @throws invalid_decimal */
  readonly parse: (text: string) => bigint;
  readonly format: (amount: bigint) => string;
}

/** One run of a command: the service it talks to, and whoever runs it. */
export class Session {
  /** What a failure's JSON says besides: what was done before it. */
  readonly done: Record<string, unknown> = {};

  constructor(readonly options: GlobalOptions) {}

  /**
   * The service, for the operator.
   * @throws missing_secret
   */
  async operator(how: OperatorOptions = {}): Promise<OperatorApi> {
    return operatorApi(this.options.url, await this.key(), how);
  }

  /**
   * What the service tells the operator as it happens; says when the connection is lost.
   * @throws missing_secret
   */
  async stream(): Promise<StreamApi> {
    const key = await this.key();
    return streamApi(this.options.url, {
      token: () => key,
      onTrouble: ({ message }) => this.say(`${message} Trying again`),
    });
  }

  /** The service, for what anybody may ask. */
  anyone(how: OperatorOptions = {}): OperatorApi {
    return operatorApi(this.options.url, undefined, how);
  }

  /**
   * The asset that `token` names; without it the only one that the service lists.
   * @throws unknown_asset, wrong_usage if there are several
   */
  async asset(token: Address | undefined): Promise<Asset> {
    const assets = await this.anyone().assets();
    if (token === undefined && assets.length !== 1) {
      fail("wrong_usage", { missing: "--token", known: assets.map((asset) => asset.token).join(" ") });
    }
    const found = token === undefined ? assets[0] : assets.find((asset) => asset.token === token);
    return found === undefined ? fail("unknown_asset", { token }) : assetOf(found);
  }

  /** A word to whoever watches; never part of the result. */
  say(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /**
   * Says what is to be sent and, unless there is a yes already, asks.
   * @throws declined
   */
  async confirm(what: string, { yes }: { readonly yes?: boolean }): Promise<void> {
    this.say(what);
    if (yes !== true && !(await this.confirmed("Send it?"))) fail("declined", { what });
  }

  /** Asks for a yes; without a terminal there is nobody to ask. */
  async confirmed(question: string): Promise<boolean> {
    if (!process.stdin.isTTY) return false;
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    const answer = await lines.question(`${question} (yes/no) `);
    lines.close();
    return answer.trim().toLowerCase() === "yes";
  }

  private key(): Promise<string> {
    const { apiKeyFile: file } = this.options;
    const sources = { what: "The operator's key", file, option: "--api-key-file", variable: "STARLEDGER_API_KEY" };
    return readSecret(sources);
  }
}

export function assetOf({ token, decimals }: { readonly token: Address; readonly decimals: number }): Asset {
  return {
    token,
    decimals,
    parse: (text) => parseAmount(text, decimals),
    format: (amount) => formatAmount(amount, decimals),
  };
}
