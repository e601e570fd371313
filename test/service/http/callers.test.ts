import { expect } from "chai";

import { SCOPES } from "../../../src/wire";
import { answer, listen, makeKey, refusal } from "../../helpers/http";
import { freshService, POINTS } from "../../helpers/service";

const NONE = { calls: null, accounts: null, tokens: null, addresses: null, limits: null };

describe("HTTP: who calls", () => {
  it("is told to the operator, to the holder of a key, and to nobody else", async function () {
    const { service } = await freshService(this);
    const { get, post } = await listen(this, service);
    const operator = { kind: "operator", id: "operator", scopes: [...SCOPES], restrictions: NONE, expires: null };
    expect(await get("/v1/caller")).to.deep.equal(answer(200, operator));

    const expires = "2999-01-01T00:00:00.000Z";
    const key = await makeKey({ post }, { scopes: ["money:read"], restrictions: { tokens: [POINTS] }, expires });
    const [, id] = /^slk_([0-9a-f]{32})_/.exec(key)!;
    const rights = { kind: "key", id, scopes: ["money:read"], restrictions: { ...NONE, tokens: [POINTS] }, expires };
    expect(await get("/v1/caller", { operator: key })).to.deep.equal(answer(200, rights));

    expect(await get("/v1/caller", { operator: null })).to.deep.equal(refusal("unauthorized"));
  });
});
