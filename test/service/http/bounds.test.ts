import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";

import { expect } from "chai";

import { boundConnections, type ConnectionBounds } from "../../../src/http";
import { afterTest } from "../../helpers/afterTest";

describe("connections: of one address", () => {
  /** What connects to a server with such bounds, from any address of this machine. */
  async function setUp(
    context: Mocha.Context,
    bounds: ConnectionBounds,
    proxies: readonly string[] = [],
    now?: () => number,
  ) {
    const server: Server = createServer((_request, answer) => answer.end("here"));
    boundConnections(server, proxies, bounds, now);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const sockets: Socket[] = [];
    afterTest(context, () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    /** A connection, and whether it is served. */
    return async (localAddress: string): Promise<{ readonly socket: Socket; readonly isServed: boolean }> => {
      const socket = connect({ port, host: "127.0.0.1", localAddress });
      sockets.push(socket);
      socket.on("error", () => undefined);
      socket.write("GET / HTTP/1.1\r\nhost: here\r\n\r\n");
      const isServed = await Promise.race([
        once(socket, "data").then(() => true),
        once(socket, "close").then(() => false),
      ]);
      return { socket, isServed };
    };
  }

  const served = async (connection: Promise<{ readonly isServed: boolean }>) => (await connection).isServed;

  it("there are so many at once, and one more when one ends; others are not held up", async function () {
    const from = await setUp(this, { all: 100, perAddress: 2, perSecond: 1_000 });
    const { socket } = await from("127.0.0.2");
    expect(await served(from("127.0.0.2"))).to.equal(true);
    expect(await served(from("127.0.0.2"))).to.equal(false);
    expect(await served(from("127.0.0.3"))).to.equal(true);
    socket.destroy();
    await once(socket, "close");
    while (!(await served(from("127.0.0.2"))));
    expect(await served(from("127.0.0.2"))).to.equal(false);
  });

  it("there are any number if it is a proxy's, but no more than the server takes in all", async function () {
    const from = await setUp(this, { all: 3, perAddress: 1, perSecond: 1 }, ["127.0.0.2", "127.0.9.0/24"]);
    expect(await served(from("127.0.0.2"))).to.equal(true);
    expect(await served(from("127.0.0.2"))).to.equal(true);
    expect(await served(from("127.0.9.7"))).to.equal(true);
    expect(await served(from("127.0.9.8"))).to.equal(false);
  });

  it("case 32: there are so many new ones in a second, however soon they end; others are not held up", async function () {
    let time = 0;
    const from = await setUp(this, { all: 100, perAddress: 100, perSecond: 2 }, [], () => time);
    const isServed = async (address: string): Promise<boolean> => {
      const { socket, isServed } = await from(address);
      socket.destroy();
      return isServed;
    };
    for (time of [0, 1_000]) {
      const taken: boolean[] = [];
      for (let i = 0; i < 4; i++) taken.push(await isServed("127.0.0.2"));
      expect([taken, await isServed("127.0.0.3")]).to.deep.equal([[true, true, false, false], true]);
    }
  });
});
