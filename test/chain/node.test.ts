import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";
import { Network } from "ethers";

import { nodeAt } from "../../src/chain/node";

describe("nodeAt, where the node ends connections", () => {
  const serving = async (listener: RequestListener, use: (url: string) => Promise<void>): Promise<void> => {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  };

  it("asks again when a connection ends as it is used", async () => {
    let asked = 0;
    const once: RequestListener = (request, response) => {
      asked += 1;
      if (asked === 2) request.destroy();
      else response.end(JSON.stringify({ jsonrpc: "2.0", id: asked === 1 ? 1 : 2, result: "0x7a69" }));
    };
    await serving(once, async (url) => {
      const node = nodeAt(url, Network.from(31337));
      expect(await node.send("eth_chainId", [])).to.equal("0x7a69");
      expect(await node.send("eth_chainId", [])).to.equal("0x7a69");
      expect(asked).to.equal(3);
      node.destroy();
    });
  });

  it("says so when the next one ends too", async () => {
    let asked = 0;
    const never: RequestListener = (request) => {
      asked += 1;
      request.destroy();
    };
    await serving(never, async (url) => {
      const node = nodeAt(url, Network.from(31337));
      const error: unknown = await node.send("eth_chainId", []).catch((reason: unknown) => reason);
      expect(error).to.include({ code: "ECONNRESET", message: "socket hang up" });
      expect(asked).to.equal(2);
      node.destroy();
    });
  });
});
