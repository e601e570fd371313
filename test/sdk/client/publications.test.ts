import type { AddressInfo } from "node:net";

import { expect } from "chai";

import { ZERO_HASH, type Address, type Hash } from "../../../src/protocol";
import {
  httpApi,
  type Client,
  type ConnectOptions,
  type HttpApi,
  type PublicationCheck,
  StarledgerError,
} from "../../../src/sdk";
import { connectTo } from "../../../src/sdk/client/connect";
import type { ChainSide } from "../../../src/service/chainSide";
import { Services } from "../../../src/service";
import { createServer } from "../../../src/service/http";
import { Publishers } from "../../../src/service/liabilities/publishers";
import { afterTest } from "../../helpers/afterTest";
import { clientOptions, type Town } from "../../helpers/clients";
import { expectError } from "../../helpers/errors";
import { OPERATOR_KEY } from "../../helpers/http";
import { KEYSTORE } from "../../helpers/service";
import { startPublishing, type Publishing } from "../../service/liabilities/helpers";

/** What a service answers otherwise than it should. */
type Lie = (api: HttpApi) => Partial<HttpApi>;

describe("Client: what the system publishes, checked on a real node", () => {
  let publishing: Publishing;
  let town: Town;
  let chain: ChainSide;
  let token: Address;
  let app: Awaited<ReturnType<typeof createServer>>;
  let index = 3;

  before(async () => {
    publishing = await startPublishing();
    const { world, coin } = publishing;
    ({ token } = publishing);
    chain = await publishing.side();
    const publishers = new Publishers(publishing.deployment.anchor);
    publishers.add(world.service, chain.publisher!);
    const parts = { services: new Services([world.service]), store: world.store, keystore: KEYSTORE, publishers };
    app = await createServer({ ...parts, operatorKey: OPERATOR_KEY });
    await app.listen({ host: "127.0.0.1", port: 0 });
    const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    town = { world, url, points: token, coin, stop: () => Promise.resolve() };
  });

  after(async () => {
    await app.close();
    await publishing.stop();
  });

  /**
   * An account with so many points, its owner's options, and what its client reports from then on. The node's clock is ahead of
   * the client's, which checks all that was published before while it has nothing.
   */
  async function owner(context: Mocha.Context, points: bigint) {
    const checks: PublicationCheck[] = [];
    const given = await clientOptions(context, town, (index += 1));
    const options = { ...given, onPublication: (check: PublicationCheck) => void checks.push(check) };
    const client = await connected(context, options);
    await client.open(token);
    await publishLater();
    await client.refresh();
    const issue = { type: "issue", account: client.account, token, amount: points, reference: ZERO_HASH } as const;
    await town.world.service.submit(issue);
    await client.refresh();
    checks.length = 0;
    return { client, options, checks };
  }

  async function connected(context: Mocha.Context, options: ConnectOptions, lie: Lie = () => ({})): Promise<Client> {
    const { account, url, apiKey } = options;
    const sign = (_: Hash, text: string) => account.signText(text);
    const client = await connectTo((chainId) => {
      const api = httpApi(url, { account: account.address, sign, chainId, apiKey: apiKey! });
      return { ...api, ...lie(api) };
    }, options);
    afterTest(context, () => client.stop());
    return client;
  }

  /** The same account with the same store in a new process, after the clock of the chain has gone on. */
  async function again(context: Mocha.Context, client: Client, options: ConnectOptions, lie?: Lie): Promise<Client> {
    await client.stop();
    const next = await connected(context, options, lie);
    await next.sync(token);
    return next;
  }

  /** Publishes as of a block of some minutes later, when nobody can say that the last payment was not known. */
  async function publishLater() {
    await town.world.node.provider.send("evm_increaseTime", [300]);
    await town.world.node.provider.send("hardhat_mine", ["0x3"]);
    return await publishing.publish(chain);
  }

  it("is verified in the background, once per publication, and when its owner asks", async function () {
    const { statement: earlier } = await publishing.publish(chain);
    const { client, options, checks } = await owner(this, 70n);
    const { period } = earlier;
    await expectError(() => client.verifyLiability(token, period), "not_in_publication", { period });
    const { statement } = await publishLater();
    const next = await again(this, client, options);
    await next.refresh();
    await next.refresh();
    const verified = checks.map(
      (check) => check.type === "verified" && [check.verified.balance, check.verified.statement],
    );
    expect(verified).to.deep.equal([[70n, statement]]);
    expect((await next.verifyLiability(token, statement.period)).balance).to.equal(70n);
    const last = await again(this, next, options);
    await last.refresh();
    expect(checks.length).to.equal(1);
  });

  it("is verified of every period that a client was away for, the oldest first, whatever its owner asked for before", async function () {
    const { client, options, checks } = await owner(this, 70n);
    const periods = [await publishLater(), await publishLater()].map(({ statement }) => statement.period);
    const first = await again(this, client, options);
    await first.refresh();
    for (let i = 0; i < 3; i++) periods.push((await publishLater()).statement.period);
    const back = await again(this, first, options, (api) => ({
      liability: async (of, period) => {
        const proof = await api.liability(of, period);
        const lie = { ...proof, leaf: { ...proof.leaf, balance: proof.leaf.balance - 1n } };
        return period === periods[3] ? lie : proof;
      },
    }));
    expect((await back.verifyLiability(token)).statement.period).to.equal(periods[4]);
    await back.refresh();
    const last = await again(this, back, options);
    await last.refresh();
    const found = checks.map((check) =>
      check.type === "verified" ? check.verified.statement.period : check.error.code,
    );
    expect(found).to.deep.equal([periods[0], periods[1], periods[2], "invalid_proof", periods[4]]);
  });

  it("case 31: that leaves an account out is reported with its name", async function () {
    const { client, options, checks } = await owner(this, 70n);
    const { statement } = await publishLater();
    const { period } = statement;
    const omitted: Lie = () => ({
      liability: () => Promise.reject(new StarledgerError("not_in_publication", { period: String(period) })),
    });
    const cheated = await again(this, client, options, omitted);
    await cheated.refresh();
    const [check, ...others] = checks;
    expect(others).to.deep.equal([]);
    expect(check).to.deep.include({ type: "mismatch", proof: undefined });
    expect(check?.type === "mismatch" && check.error.code).to.equal("left_out");
  });

  it("case 31: by an anchor contract that the service names later is not believed, nor a smaller balance", async function () {
    const { client, options, checks } = await owner(this, 70n);
    await publishLater();
    const first = await again(this, client, options);
    await first.refresh();
    const { statement } = await publishLater();
    const other = "0x00000000000000000000000000000000000000ee" as Address;
    const elsewhere = await again(this, first, options, (api) => ({
      publications: async (...asked) => ({ ...(await api.publications(...asked)), anchor: other }),
    }));
    expect((await elsewhere.verifyLiability(token)).statement).to.deep.equal(statement);
    const stolen = await again(this, elsewhere, options, (api) => ({
      liability: async (...asked) => {
        const proof = await api.liability(...asked);
        return { ...proof, leaf: { ...proof.leaf, balance: proof.leaf.balance - 1n } };
      },
    }));
    await expectError(() => stolen.verifyLiability(token), "invalid_proof");
    const lied = checks.filter(({ type }) => type === "mismatch");
    expect(lied).to.deep.equal([]);
  });
});
