import { Wallet } from "ethers";
import pLimit from "p-limit";

import type { Random } from "../../../scripts/torture/random";
import { keccakText, toAddress, type Address, type Hash } from "../../../src/protocol";
import type { Transaction } from "../../../src/sdk/signers";
import { enrich } from "../chain/deployed";
import type { Evm } from "../chain/evm";

/** Wei per unit of gas that it offers beyond what it overtakes. */
const MORE = 10n ** 9n;
/** Never estimated: what fails is mined too. */
const GAS = 3_000_000n;

/** Somebody without a channel, who sends to the chain whatever others have sent or signed. */
export class Stranger {
  private readonly wallet = new Wallet(keccakText("stranger"));

  private readonly turn = pLimit(1);

  private constructor(private readonly evm: Evm) {}

  static async open(evm: Evm): Promise<Stranger> {
    const stranger = new Stranger(evm);
    await enrich(stranger.address);
    return stranger;
  }

  get address(): Address {
    return toAddress(this.wallet.address);
  }

  /** Overtakes something that waits to be mined, or sends once more what was sent before; undefined if there is nothing. */
  async copies(random: Random): Promise<string | undefined> {
    const waiting = (await this.evm.waiting()).filter(({ from }) => from !== this.address);
    const isEarly = waiting.length > 0 && random.chance(0.7);
    const seen = isEarly ? waiting : this.evm.past;
    const one = seen[random.between(0, seen.length - 1)];
    if (one === undefined) return undefined;
    await this.sends(one, one.tip + MORE);
    return `${isEarly ? "overtakes" : "repeats"} ${one.data.slice(0, 10)}`;
  }

  /** One after the other: each takes the next nonce. */
  async sends(transaction: Transaction, tip = MORE): Promise<Hash> {
    return await this.turn(() => this.sendNow(transaction, tip));
  }

  private async sendNow({ to, data, value }: Transaction, tip: bigint): Promise<Hash> {
    const [chainId, nonce] = await Promise.all([
      this.evm.request("eth_chainId"),
      this.evm.request("eth_getTransactionCount", [this.address, "pending"]),
    ]);
    const maxFeePerGas = 10_000n * MORE + tip;
    const fees = { maxFeePerGas, maxPriorityFeePerGas: tip, gasLimit: GAS };
    const call = { type: 2, chainId: Number(chainId), nonce: Number(nonce), to, data, value, ...fees };
    return (await this.evm.request("eth_sendRawTransaction", [await this.wallet.signTransaction(call)])) as Hash;
  }
}
