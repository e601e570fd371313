import { expect } from "chai";

import { ZERO_HASH, type Address } from "../../../src/protocol";
import type { AccountName, Client } from "../../../src/sdk";
import { afterTest } from "../../helpers/afterTest";
import { clientOf, clientOptions, startTown, type Town } from "../../helpers/clients";
import { expectError } from "../../helpers/errors";
import { person } from "../../helpers/service";

const DAY = 86_400_000;
const [BOB, CAROL] = ["bob", "carol"].map((name) => person(name).address) as [Address, Address];

describe("Client: names", () => {
  let town: Town;
  let index = 3;

  before(async () => {
    town = await startTown();
    for (const address of [BOB, CAROL]) {
      await town.world.service.submit({ type: "openAccount", address, tokens: [town.points] });
    }
  });
  after(() => town.stop());

  const give = (name: string, account: Address, days = 0) =>
    town.world.store.aliases.give(name, account, Date.now() + days * DAY, 90 * DAY);

  const payer = async (context: Mocha.Context): Promise<Client> => {
    const client = await clientOf(context, town, (index += 1));
    await client.open(town.points);
    const issue = { account: client.account, token: town.points, amount: 100n, reference: ZERO_HASH };
    await town.world.service.submit({ type: "issue", ...issue });
    await client.sync(town.points);
    return client;
  };

  const pay = (client: Client, to: AccountName) => client.pay({ to, token: town.points, amount: 10n });
  const left = async (client: Client) => (await client.balance(town.points)).balance;

  /** Answers in the place of a host of the network, and returns what it was asked. */
  const answerAs = (context: Mocha.Context, host: string, answer: unknown): string[] => {
    const real = globalThis.fetch;
    const asked: string[] = [];
    globalThis.fetch = (input, init) => {
      const url = input instanceof Request ? input.url : input.toString();
      if (new URL(url).host !== host) return real(input, init);
      asked.push(url);
      return Promise.resolve(Response.json(answer));
    };
    afterTest(context, () => void (globalThis.fetch = real));
    return asked;
  };

  it("are resolved by the service that gave them, in any case; what is signed names the address", async function () {
    await give("bobby", BOB);
    const alice = await payer(this);
    const port = new URL(town.url).host;
    for (const name of ["bobby@localhost", "BOBBY@LocalHost", `bobby@${port}`] as const) {
      expect((await pay(alice, name)).to).to.equal(BOB);
    }
    expect(await left(alice)).to.equal(70n);
    await expectError(() => pay(alice, "nobody.here@localhost"), "unknown_alias", { name: "nobody.here" });
    await expectError(() => pay(alice, "not a name@localhost"), "bad_alias", { alias: "not a name@localhost" });
    expect(await left(alice)).to.equal(70n);
  });

  it("stand for what they first stood for: a change is refused, after a restart too, until the owner accepts it", async function () {
    await give("robert", BOB);
    const options = await clientOptions(this, town, (index += 1));
    const before = await clientOf(this, town, index, options);
    await before.open(town.points);
    const issue = { account: before.account, token: town.points, amount: 100n, reference: ZERO_HASH };
    await town.world.service.submit({ type: "issue", ...issue });
    await before.sync(town.points);
    expect(await Promise.all([before.resolve("robert@localhost"), before.resolve("robert@localhost")])).to.deep.equal([
      BOB,
      BOB,
    ]);
    expect((await options.store.all()).filter(({ type }) => type === "named").length).to.equal(1);
    await pay(before, "robert@localhost");

    await town.world.store.aliases.release(BOB, Date.now());
    await give("robert", CAROL, 91);
    const change = { name: "robert@localhost", got: CAROL, want: BOB };
    await expectError(() => pay(before, "Robert@localhost"), "name_changed", change);
    await before.stop();
    const after = await clientOf(this, town, index, options);
    await expectError(() => pay(after, "robert@localhost"), "name_changed", change);
    expect(await left(after)).to.equal(90n);

    await after.acceptName("Robert@localhost", CAROL);
    expect((await pay(after, "robert@localhost")).to).to.equal(CAROL);
    // What was accepted is what counts: the first host's answer no longer is.
    await after.acceptName("robert@localhost", BOB);
    await expectError(() => pay(after, "robert@localhost"), "name_changed", { ...change, want: BOB });
    expect(await left(after)).to.equal(80n);
  });

  it("of other hosts are asked of those hosts, over TLS, and of no other; an account elsewhere is not paid", async function () {
    const { domain, system } = await payer(this);
    const told = (chain: bigint) => ({
      subject: "acct:carol@other.example",
      properties: {
        "urn:starledger:account": CAROL,
        "urn:starledger:system": system,
        "urn:starledger:chain": `${chain}`,
        "urn:starledger:hub": domain.hub,
      },
    });
    await give("carol", BOB);
    const asked = answerAs(this, "other.example", told(domain.chainId));
    const alice = await payer(this);
    expect((await pay(alice, "carol@other.example")).to).to.equal(CAROL);
    const path = "/.well-known/webfinger?resource=acct%3Acarol%40other.example";
    expect(asked).to.deep.equal([`https://other.example${path}`]);
    answerAs(this, "strange.example", told(1n));
    await expectError(() => pay(alice, "carol@strange.example"), "wrong_chain", { got: `1 ${domain.hub}` });
    expect(await left(alice)).to.equal(90n);
  });
});
