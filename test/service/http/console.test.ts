import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";

import { listen, refusal } from "../../helpers/http";
import { freshService, temporaryFolder } from "../../helpers/service";

const PAGE = "<!doctype html><title>Starledger</title>";
const SURROUNDINGS = {
  nodes: ["https://node.example/rpc", "http://127.0.0.1:8545"],
  watchtowers: ["https://tower.example/users"],
  explorer: "https://explorer.example/tx/{transaction}",
};

/** What a build leaves. */
function builtConsole(context: Mocha.Context): string {
  const folder = temporaryFolder(context);
  mkdirSync(path.join(folder, "assets"));
  writeFileSync(path.join(folder, "index.html"), PAGE);
  writeFileSync(path.join(folder, "worker.js"), "2");
  writeFileSync(path.join(folder, "assets/index-1a2b3c.js"), "1");
  return folder;
}

describe("HTTP: the console", () => {
  it("is one page under all its addresses, which may ask only the service, the named nodes and watchtowers", async function () {
    const { service } = await freshService(this);
    const { url } = await listen(this, service, { console: builtConsole(this), surroundings: SURROUNDINGS });
    for (const at of ["/", "/wallet", "/wallet/pay?to=sl1", "/operator/accounts", "/pay/sl1qx"]) {
      const response = await fetch(url + at);
      const { headers } = response;
      const told = [response.status, headers.get("content-type"), headers.get("cache-control"), await response.text()];
      expect(told, at).to.deep.equal([200, "text/html; charset=utf-8", "no-cache", PAGE]);
      expect(headers.get("content-security-policy")!.split("; ")).to.deep.equal([
        ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:"],
        "connect-src 'self' https://node.example http://127.0.0.1:8545 https://tower.example",
        ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"],
      ]);
    }
  });

  it("has a worker that keeps the wallet in the browser, asked for again each time, which may ask the service alone", async function () {
    const { service } = await freshService(this);
    const { url } = await listen(this, service, { console: builtConsole(this) });
    const response = await fetch(`${url}/worker.js`);
    const { headers } = response;
    const told = ["content-type", "cache-control", "content-security-policy"].map((name) => headers.get(name));
    expect([response.status, ...told, await response.text()]).to.deep.equal([
      ...[200, "text/javascript; charset=utf-8", "no-cache", "default-src 'none'; connect-src 'self'", "2"],
    ]);
  });

  it("has files that never change under their names", async function () {
    const { service } = await freshService(this);
    const { url, get } = await listen(this, service, { console: builtConsole(this) });
    const { status, headers } = await fetch(`${url}/assets/index-1a2b3c.js`);
    expect([status, headers.get("cache-control")]).to.deep.equal([200, "public, max-age=31536000, immutable"]);
    const missing = { method: "GET", url: "/assets/none.js" };
    expect(await get("/assets/none.js", { operator: null })).to.deep.equal(refusal("unknown_route", missing));
    const other = { method: "GET", url: "/elsewhere" };
    expect(await get("/elsewhere", { operator: null })).to.deep.equal(refusal("unknown_route", other));
  });

  it("names nodes, watchtowers and explorer to wallets, and is not there where it was not built", async function () {
    const { service } = await freshService(this);
    const { get } = await listen(this, service, { surroundings: SURROUNDINGS });
    expect((await get("/v1/surroundings", { operator: null })).body).to.deep.equal(SURROUNDINGS);
    expect(await get("/", { operator: null })).to.deep.equal(refusal("unknown_route", { method: "GET", url: "/" }));
  });
});
