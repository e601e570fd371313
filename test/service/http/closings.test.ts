import { expect } from "chai";

import { addressOf, digest, hashClosing, recover, sign, type Closing, type Signature } from "../../../src/protocol";
import { answer, listen, refusal } from "../../helpers/http";
import { freshService, issue, NOW, openHosted, person, POINTS, SEPARATOR, SIGNER_KEY } from "../../helpers/service";

interface Receipt {
  readonly commit: string;
  readonly userSignature: Signature;
  readonly systemSignature: Signature;
}

const deadline = NOW + 500n;

describe("HTTP: cooperative closings", () => {
  it("of a hosted account are signed by both, and nothing else is signed meanwhile", async function () {
    const { service } = await freshService(this);
    const { post } = await listen(this, service);
    const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
    const { id: channelId } = service.channelOf(alice, POINTS)!;
    const body = { custody: "hosted", deadline: `${deadline}` };
    const done = await post(`/v1/channels/${channelId}/closings`, { key: "close", body });
    const { commit, userSignature, systemSignature } = done.body as Receipt;
    const closing = { channelId, net: "100", deadline: `${deadline}` };
    expect(done).to.deep.equal(answer(201, { commit, closing, userSignature, systemSignature }));
    const signed = digest(SEPARATOR, hashClosing({ channelId, net: 100n, deadline }));
    expect([recover(signed, userSignature), recover(signed, systemSignature)]).to.deep.equal([
      alice,
      addressOf(SIGNER_KEY),
    ]);
    const pay = { from: alice, to: bob, token: POINTS, amount: "1" };
    const refused = refusal("closing_pending", { until: `${deadline}` });
    expect(await post("/v1/transfers", { body: pay })).to.deep.equal(refused);
    const again = await post(`/v1/channels/${channelId}/closings`, { key: "close", body });
    expect(again).to.deep.equal({ ...done, replayed: "true" });
  });

  it("of a self-custody account are signed by its user, without any key", async function () {
    const { service } = await freshService(this);
    const { post } = await listen(this, service);
    const { key, address } = person("carol");
    await service.submit({ type: "openAccount", address, tokens: [POINTS] });
    await issue(service, address, 50n);
    const { id: channelId } = service.channelOf(address, POINTS)!;
    const path = `/v1/channels/${channelId}/closings`;
    const close = (closing: Closing, by = key) => {
      const signature = sign(digest(SEPARATOR, hashClosing(closing)), by);
      const body = {
        custody: "self",
        closing: { ...closing, net: `${closing.net}`, deadline: `${closing.deadline}` },
        signature,
      };
      return post(path, { body, operator: null });
    };
    const closing = { channelId, net: 50n, deadline };
    const stranger = person("mallory");
    expect(await close(closing, stranger.key)).to.deep.equal(
      refusal("wrong_signer", { got: stranger.address, want: address }),
    );
    expect(await close({ ...closing, net: 51n })).to.deep.equal(
      refusal("state_mismatch", { got: "51", want: "50", locked: "0" }),
    );
    const hosted = { body: { custody: "hosted", deadline: `${deadline}` }, operator: null };
    expect(await post(path, hosted)).to.deep.equal(refusal("unauthorized"));
    const other = { ...closing, channelId: `0x${"11".repeat(32)}` as never };
    expect(await close(other)).to.deep.equal(
      refusal("invalid_request", { field: "body/closing/channelId", got: other.channelId, want: channelId }),
    );
    expect((await close(closing)).status).to.equal(201);
  });
});
