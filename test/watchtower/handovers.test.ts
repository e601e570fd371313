import { expect } from "chai";

import { openCourt, SETTINGS, type Court } from "../../scripts/torture/watchtower/court";
import { channelId, hashOfPreimage, keccakText, toAddress, toHash, ZERO_HASH } from "../../src/protocol";
import { settleCall } from "../../src/sdk/chain/disputeCalls";
import type { RunningTower, TowerConfig } from "../../src/watchtower";
import { onEachDatabase } from "../helpers/databases";
import { callsOf, passOf, towerOn, until, type Papers } from "./helpers";

let names = 0;

describe("What a watchtower is handed", () => {
  let court: Court;

  before(async () => {
    court = await openCourt();
  });
  after(() => court.node.stop());

  const newParty = () => court.party(`handovers ${(names += 1)}`);

  onEachDatabase("is kept", (database) => {
    let tower: RunningTower | undefined;
    let store: string;

    beforeEach(async function () {
      store = await database.fresh(this);
    });
    afterEach(() => tower?.stop());

    const start = async (changes: Partial<TowerConfig> = {}): Promise<string> => {
      tower = await towerOn(court, store, changes);
      return tower.url;
    };

    it("takes the newest of state, note and appointment each, and never goes back (case 21)", async () => {
      const party = newParty();
      const { handOver, told, all } = callsOf(court, party, await start());
      const state = (version: bigint) => court.state(party, { version, net: version });
      const note = (seq: bigint) => court.note(party, { seq, credited: seq });
      const gas = tower!.tower.chains[0]!.address;
      const ends = [10_000_000_000n, 20_000_000_000n];
      const [soon, later] = ends.map((end) => court.appointment(party, gas, 500, end));
      for (const [papers, version, seq, end] of [
        [{ state: state(5n), note: note(2n), appointment: later }, "5", "2", ends[1]],
        [{ state: state(4n), note: note(3n), appointment: soon }, "5", "3", ends[1]],
        [{ note: note(1n) }, "5", "3", ends[1]],
        [{ state: state(6n) }, "6", "3", ends[1]],
      ] as const) {
        const { status, body } = await handOver(papers as Papers);
        expect([status, body.version, body.seq, body.until]).to.deep.equal([200, version, seq, String(end)]);
      }
      const { body } = await told();
      expect(body).to.deep.include({
        chainId: String(court.domain.chainId),
        ...{ hub: court.domain.hub, channelId: party.id, version: "6", seq: "3", preimages: 0 },
        ...{ outcome: null, close: null, answers: [] },
      });
      expect((await all()).body).to.deep.equal({ appointments: [body] });
    });

    it("keeps the newest of what many hand over at the same time", async () => {
      const party = newParty();
      const { handOver, told } = callsOf(court, party, await start());
      const order = Array.from({ length: 24 }, (_, i) => BigInt(((i * 7) % 24) + 1));
      const answers = await Promise.all(
        order.map((n) =>
          handOver({ state: court.state(party, { version: n }), note: court.note(party, { seq: 25n - n }) }),
        ),
      );
      expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200]));
      const { body } = await told();
      expect([body.version, body.seq]).to.deep.equal(["24", "24"]);
    });

    it("keeps preimages while their locks are pending, whatever comes later (case 21)", async () => {
      const party = newParty();
      const { handOver } = callsOf(court, party, await start());
      const expiry = (await court.time()) + 86_400n;
      const preimages = [1, 2].map((i) => keccakText(`${party.id} ${i}`));
      const locks = preimages.map((preimage, i) => ({
        ...{ index: BigInt(i), hash: hashOfPreimage(preimage), amount: 5n, expiry },
      }));
      const both = court.note(party, { seq: 1n }, locks);
      expect((await handOver({ note: both, preimages })).body.preimages).to.equal(2);
      expect((await handOver({ note: both })).body.preimages).to.equal(2);
      const one = court.note(party, { seq: 2n, credited: 5n }, locks.slice(1));
      expect((await handOver({ note: one })).body.preimages).to.equal(1);
      expect((await handOver({ note: both, preimages })).body.preimages).to.equal(1);
    });

    it("keeps so many channels of an account and no more, and what it has of them up to date", async () => {
      const party = newParty();
      const url = await start({ quota: 2 });
      const inToken = (n: number) => {
        const key = { ...party.key, token: toAddress(`0x${String(n).repeat(40)}`) };
        return { ...party, key, id: channelId(key) };
      };
      const handOver = async (n: number, version: bigint) => {
        const one = inToken(n);
        return await callsOf(court, one, url).handOver({ state: court.state(one, { version }) });
      };
      expect((await handOver(1, 1n)).status).to.equal(200);
      expect((await handOver(2, 1n)).status).to.equal(200);
      const third = await handOver(3, 1n);
      expect([third.status, third.body.code, third.body.details]).to.deep.equal([
        429,
        "quota_exceeded",
        { owner: party.key.user, quota: "2" },
      ]);
      expect((await handOver(2, 2n)).body.version).to.equal("2");
    });

    it("counts an account's channels, also where many are handed over at the same time", async () => {
      const party = newParty();
      const url = await start({ quota: 2 });
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, n) => {
          const key = { ...party.key, token: toAddress(`0x${String(n + 1).repeat(40)}`) };
          const one = { ...party, key, id: channelId(key) };
          return callsOf(court, one, url).handOver({ state: court.state(one, { version: 1n }) });
        }),
      );
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).to.deep.equal([200, 200, ...Array.from({ length: 6 }, () => 429)]);
      expect((await callsOf(court, party, url).all()).body.appointments).to.have.length(2);
    });

    it("forgets an epoch that is over, and what was sent for it, once it was told of for long enough", async () => {
      const [over, open] = [newParty(), newParty()];
      const url = await start({ keep: 0 });
      for (const party of [over, open]) {
        await court.fund(party, 1_000n);
        await callsOf(court, party, url).handOver({ state: court.state(party, { version: 2n, net: -1n }) });
        await court.cheat(party, court.state(party, { version: 1n, net: -9n }));
      }
      const answered = async (party: typeof over) => (await court.hub.channel(party.key)).standingVersion === 2n;
      await until(court, async () => (await answered(over)) && (await answered(open)));
      const close = await court.hub.pendingClose(over.id);
      await court.node.pass(SETTINGS.challengePeriod + SETTINGS.claimWindow);
      const { state } = court.state(over, { version: 2n, net: -1n });
      await court.hub.send(settleCall(court.hub.address, over.key, close.record, state));
      const told = async (party: typeof over) => (await callsOf(court, party, url).told()).body;
      await until(court, async () => (await told(over)).outcome === "settled");
      await until(court, async () => (await told(open)).answers.every(({ status }) => status === "done"));
      await tower!.tower.prune();
      expect((await told(over)).code).to.equal("unknown_channel");
      expect((await told(open)).answers.map(({ shown }) => shown)).to.deep.equal(["state"]);
    });

    it("takes no epoch but the current one", async () => {
      const party = newParty();
      const key = { ...party.key, epoch: 1n };
      const next = { ...party, key, id: channelId(key) };
      const { body } = await callsOf(court, next, await start()).handOver({
        state: court.state(next, { version: 1n }),
      });
      expect([body.code, body.details]).to.deep.equal(["unknown_channel", { epoch: "1", onChain: "0" }]);
    });

    it("survives a restart", async () => {
      const party = newParty();
      const first = callsOf(court, party, await start());
      await first.handOver({ state: court.state(party, { version: 7n }), note: court.note(party, { seq: 3n }) });
      const before = (await first.told()).body;
      await tower!.stop();
      const second = callsOf(court, party, await start());
      expect((await second.told()).body).to.deep.equal(before);
    });
  });

  describe("is refused", () => {
    let tower: RunningTower;

    before(async () => {
      tower = await towerOn(court, "sqlite::memory:", { quota: 1 });
    });
    after(() => tower.stop());

    const stranger = () => court.party("handovers stranger");
    const lockOf = (hash = ZERO_HASH) => ({ index: 0n, hash, amount: 5n, expiry: 10_000_000_000n });

    const cases: [string, (party: ReturnType<typeof newParty>) => Papers, number, string][] = [
      [
        "a state that the user did not sign",
        (party) => ({
          state: { ...court.state(party, { version: 1n }), userSignature: court.state(stranger(), {}).userSignature },
        }),
        403,
        "wrong_signer",
      ],
      [
        "a state that the system did not sign",
        (party) => {
          const state = court.state(party, { version: 1n });
          return { state: { ...state, systemSignature: { signature: state.userSignature, proof: [] } } };
        },
        403,
        "wrong_signer",
      ],
      [
        "a state that was changed after it was signed",
        (party) => {
          const state = court.state(party, { version: 1n });
          return { state: { ...state, state: { ...state.state, net: 10n } } };
        },
        403,
        "wrong_signer",
      ],
      ["version 0, which nobody signs", (party) => ({ state: court.state(party, {}) }), 400, "out_of_range"],
      ["a note of another channel", () => ({ note: court.note(stranger(), { seq: 1n }) }), 404, "unknown_channel"],
      [
        "a state of another channel",
        () => ({ state: court.state(stranger(), { version: 1n }) }),
        404,
        "unknown_channel",
      ],
      [
        "locks that are not the note's",
        (party) => ({ note: { ...court.note(party, { seq: 1n }), locks: [lockOf()] } }),
        400,
        "invalid_proof",
      ],
      [
        "a note without its locks",
        (party) => ({ note: { ...court.note(party, { seq: 1n }, [lockOf()]), locks: [] } }),
        400,
        "invalid_proof",
      ],
      [
        "a preimage of none of the locks",
        (party) => ({ note: court.note(party, { seq: 1n }, [lockOf()]), preimages: [toHash(`0x${"12".repeat(32)}`)] }),
        422,
        "wrong_preimage",
      ],
      [
        "an appointment of another tower",
        (party) => ({ appointment: court.appointment(party, party.key.user, 500, 10_000_000_000n) }),
        422,
        "bad_appointment",
      ],
      [
        "an appointment that is over",
        (party) => ({ appointment: court.appointment(party, tower.tower.chains[0]!.address, 500, 1_000n) }),
        422,
        "bad_appointment",
      ],
      [
        "an appointment that somebody else signed",
        (party) => {
          const [own, other] = [party, stranger()].map((one) =>
            court.appointment(one, tower.tower.chains[0]!.address, 500, 10_000_000_000n),
          );
          return { appointment: { ...own!, signature: other!.signature } };
        },
        403,
        "wrong_signer",
      ],
    ];
    for (const [what, papers, status, code] of cases) {
      it(`${what}: ${code}, and nothing is kept of it`, async () => {
        const party = newParty();
        const { handOver, told } = callsOf(court, party, tower.url);
        const answer = await handOver(papers(party));
        expect([answer.status, answer.body.code]).to.deep.equal([status, code]);
        expect((await told()).body.code).to.equal("unknown_channel");
      });
    }

    it("without an appointment where the tower wants a share", async () => {
      const dear = await towerOn(court, "sqlite::memory:", { leastShare: 300 });
      try {
        const party = newParty();
        const { handOver } = callsOf(court, party, dear.url);
        const none = await handOver({});
        expect([none.body.code, none.body.details]).to.deep.equal([
          "bad_appointment",
          { tower: dear.tower.chains[0]!.address, leastShare: "300" },
        ]);
        const low = court.appointment(party, dear.tower.chains[0]!.address, 299, 10_000_000_000n);
        expect((await handOver({ appointment: low })).body.code).to.equal("bad_appointment");
        const terms = (await (await fetch(new URL("/v1/terms", dear.url))).json()) as unknown;
        expect(terms).to.deep.equal({
          chains: [
            {
              chainId: String(court.domain.chainId),
              hubs: [court.domain.hub],
              tower: dear.tower.chains[0]!.address,
              systems: null,
            },
          ],
          leastShareBps: 300,
          channels: 10,
        });
      } finally {
        await dear.stop();
      }
    });

    it("by anybody but the channel's own user, who alone may read it", async () => {
      const party = newParty();
      const own = callsOf(court, party, tower.url);
      const other = callsOf(court, party, tower.url, stranger());
      const papers = { state: court.state(party, { version: 1n }) };
      expect((await other.handOver(papers)).body.code).to.equal("forbidden");
      await own.handOver(papers);
      expect([(await other.told()).status, (await other.told()).body.code]).to.deep.equal([403, "forbidden"]);
      expect((await other.all()).body).to.deep.equal({ appointments: [] });
    });

    it("under a pass that is missing, old, of another tower, or of another account", async () => {
      const party = newParty();
      const { path } = callsOf(court, party, tower.url);
      const day = 86_400_000;
      const passes = [
        undefined,
        "nonsense",
        passOf(court, party, "https://other.example"),
        passOf(court, party, tower.url, new Date(Date.now() - 8 * day)),
        passOf(court, party, tower.url, new Date(Date.now() + day)),
        passOf(court, { ...party, key: stranger().key }, tower.url),
      ];
      for (const pass of passes) {
        const headers: Record<string, string> = pass === undefined ? {} : { authorization: `Bearer ${pass}` };
        const response = await fetch(new URL(path, tower.url), { headers });
        const { code } = (await response.json()) as { code: string };
        expect([response.status, response.headers.get("content-type"), code]).to.deep.equal([
          401,
          "application/problem+json",
          "unauthorized",
        ]);
      }
    });

    it("beyond the size and the rate, and of hubs that are not watched", async () => {
      const party = newParty();
      const { raw, path } = callsOf(court, party, tower.url);
      const large = await raw({ preimages: Array.from({ length: 10_000 }, () => ZERO_HASH) });
      expect([large.status, large.body.code]).to.deep.equal([413, "too_large"]);
      expect((await raw({ key: { ...party.key, epoch: "0" } })).body.code).to.equal("invalid_request");
      const elsewhere = path.replace(court.domain.hub, court.system);
      const headers = { authorization: `Bearer ${passOf(court, party, tower.url)}` };
      const unknown = await fetch(new URL(elsewhere, tower.url), { headers });
      expect(((await unknown.json()) as { code: string }).code).to.equal("unknown_channel");

      const strict = await towerOn(court, "sqlite::memory:", { perMinute: 3 });
      try {
        const statuses: number[] = [];
        for (let i = 0; i < 5; i++) statuses.push((await fetch(new URL("/v1/terms", strict.url))).status);
        expect(statuses).to.deep.equal([200, 200, 200, 429, 429]);
      } finally {
        await strict.stop();
      }
    });

    it("at a rate by address, which no caller but a trusted proxy gives", async () => {
      const statuses = async (trustedProxies: readonly string[]): Promise<number[]> => {
        const strict = await towerOn(court, "sqlite::memory:", { perMinute: 2, trustedProxies });
        const call = async (address: string) =>
          (await fetch(new URL("/v1/terms", strict.url), { headers: { "x-forwarded-for": address } })).status;
        try {
          const all: number[] = [];
          for (const address of ["203.0.113.1", "203.0.113.1", "203.0.113.1", "203.0.113.2"])
            all.push(await call(address));
          return all;
        } finally {
          await strict.stop();
        }
      };
      expect(await statuses([])).to.deep.equal([200, 200, 429, 429]);
      expect(await statuses(["127.0.0.0/8"])).to.deep.equal([200, 200, 429, 200]);
    });

    it("at a path that there is not, and by a method that the path does not have", async () => {
      const { path } = callsOf(court, newParty(), tower.url);
      const refused: unknown[] = [];
      for (const [method, where] of [
        ["GET", "/v2/terms"],
        ["POST", "/v1/terms"],
        ["DELETE", path],
      ] as const) {
        const response = await fetch(new URL(where, tower.url), { method });
        const { code } = (await response.json()) as { code: string };
        refused.push([response.status, code, response.headers.get("allow")]);
      }
      expect(refused).to.deep.equal([
        [404, "unknown_route", null],
        [405, "method_not_allowed", "GET, HEAD"],
        [405, "method_not_allowed", "GET, HEAD, PUT"],
      ]);
    });

    it("describes itself, and tells how it stands", async () => {
      const get = async (path: string) => await fetch(new URL(path, tower.url));
      const { paths } = (await (await get("/openapi.json")).json()) as { paths: Record<string, object> };
      expect(Object.keys(paths).sort()).to.deep.equal([
        "/healthz",
        "/metrics",
        "/readyz",
        "/v1/appointments",
        "/v1/chains/{chainId}/hubs/{hub}/channels/{channelId}",
        "/v1/terms",
      ]);
      expect((await get("/healthz")).status).to.equal(200);
      const metrics = await (await get("/metrics")).text();
      for (const name of [
        "handovers_total",
        "refusals_total",
        "answers_total",
        "troubles_total",
        "appointments",
        "open_closes",
      ]) {
        expect(metrics).to.include(`starledger_tower_${name}`);
      }
    });
  });
});
