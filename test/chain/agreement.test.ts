import { expect } from "chai";
import { makeError } from "ethers";

import { agreement, type Ask } from "../../src/chain/agreement";
import { StarledgerError } from "../../src/errors";
import { expectError } from "../helpers/errors";

describe("several nodes as one", () => {
  /** A node at a height, on a chain whose blocks say nothing but their numbers. */
  function node(height: number): Ask {
    const block = (number: number) => ({ number: `0x${number.toString(16)}`, hash: `block ${number}` });
    return (method, params) => {
      if (method === "eth_blockNumber") return Promise.resolve(`0x${height.toString(16)}`);
      if (method !== "eth_getBlockByNumber") return Promise.resolve(`${method} ${params.join()}`);
      const number = params[0] === "latest" ? height : Number(params[0]);
      return Promise.resolve(number > height ? null : { ...block(number), extra: Math.random() });
    };
  }

  const away: Ask = () => Promise.reject(new StarledgerError("chain_unreachable"));
  const silent: Ask = () => new Promise(() => undefined);
  const saying =
    (answer: unknown): Ask =>
    () =>
      Promise.resolve(answer);
  const refusing = (data: string): Ask => {
    const transaction = { to: null, data: "0x" };
    const details = { action: "call", reason: null, invocation: null, revert: null, data, transaction } as const;
    const error: Error = makeError("refused", "CALL_EXCEPTION", details);
    return () => Promise.reject(error);
  };
  const latest = async (nodes: readonly Ask[], quorum: number) =>
    ((await agreement(nodes, quorum)("eth_getBlockByNumber", ["latest", false])) as { hash: string }).hash;

  it("are as far as so many of them are, whoever lags or is away (case 19)", async () => {
    expect(await latest([node(5), node(3), away, node(5)], 2)).to.equal("block 5");
    expect(await latest([node(5), node(3), node(5)], 3)).to.equal("block 3");
    expect(await agreement([node(9), node(5), node(3)], 2)("eth_blockNumber", [])).to.equal("0x5");
    expect(await latest([node(5), silent, node(5)], 2)).to.equal("block 5");
  });

  it("are asked about the block that they agree on, not about the latest of each", async () => {
    const ask = agreement([node(9), node(5), node(5)], 2);
    expect(await ask("eth_call", ["call", "latest"])).to.equal("eth_call call,0x5");
    expect(await ask("eth_getBalance", ["account"])).to.equal("eth_getBalance account,0x5");
    expect(await ask("eth_getBalance", ["account", "0x2"])).to.equal("eth_getBalance account,0x2");
  });

  it("believe none that is alone with what it says (case 19)", async () => {
    for (const [method, honest, lie] of [
      ["eth_getLogs", [{ data: "0x01", node: "a" }], [{ data: "0x02" }]],
      ["eth_getTransactionReceipt", { status: "0x0", node: "a" }, { status: "0x1" }],
      ["eth_getTransactionCount", "0x1", "0x2"],
    ] as const) {
      const told = agreement([saying(lie), saying(honest), saying(honest)], 2)(method, ["question", "0x1"]);
      expect(await told).to.deep.equal(honest);
    }
    await expectError(
      () => agreement([saying("0x1"), saying("0x2")], 2)("eth_getCode", ["account", "0x1"]),
      "nodes_disagree",
      {
        ...{ method: "eth_getCode", answers: "2", quorum: "2" },
      },
    );
  });

  it("answer nothing while too few are there", async () => {
    for (const method of ["eth_getLogs", "eth_blockNumber", "eth_estimateGas", "eth_sendRawTransaction"]) {
      const few = method === "eth_sendRawTransaction" ? [away, away] : [node(5), away];
      await expectError(() => agreement(few, 2)(method, []), "chain_unreachable");
    }
    await expectError(() => Promise.resolve(agreement([away], 2)), "out_of_range");
  });

  it("refuse what so many refuse alike, and nothing that one alone refuses", async () => {
    const refused = await agreement([refusing("0x01"), refusing("0x01"), saying("0x")], 2)("eth_call", [
      "call",
      "0x1",
    ]).then(
      () => undefined,
      (error: unknown) => (error as { data: string }).data,
    );
    expect(refused).to.equal("0x01");
    expect(await agreement([refusing("0x01"), saying("0x"), saying("0x")], 2)("eth_call", ["call", "0x1"])).to.equal(
      "0x",
    );
  });

  it("take the estimate in the middle, however far one is off", async () => {
    const estimates = [saying("0xffffffff"), saying("0x5208"), saying("0x5300")];
    expect(await agreement(estimates, 2)("eth_estimateGas", [{}, "0x1"])).to.equal("0x5300");
  });

  it("have forgotten a transaction that too few know", async () => {
    const known = saying({ hash: "0x01" });
    const ask = (nodes: Ask[]) => agreement(nodes, 2)("eth_getTransactionByHash", ["0x01"]);
    expect([await ask([known, saying(null), away]), await ask([known, known, away])]).to.deep.equal([
      null,
      { hash: "0x01" },
    ]);
  });

  it("are all sent what is sent", async () => {
    const got: string[] = [];
    const taking =
      (name: string): Ask =>
      (method) => {
        got.push(`${name} ${method}`);
        return Promise.resolve(name);
      };
    const ask = agreement([taking("one"), away, taking("two")], 2);
    expect(await ask("eth_sendRawTransaction", ["0x"])).to.equal("one");
    expect(got).to.deep.equal(["one eth_sendRawTransaction", "two eth_sendRawTransaction"]);
  });
});
