import Ajv from "ajv/dist/2020";
import { expect } from "chai";

import { startBrowser } from "../../helpers/browser";
import { listen } from "../../helpers/http";
import { freshService } from "../../helpers/service";

interface Media {
  readonly schema: object;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

interface Operation {
  readonly summary?: string;
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>;
}

const ajv = new Ajv({ strict: false, validateFormats: false });

describe("HTTP: the API's document", () => {
  it("says of every operation what it does, takes, answers and refuses, with examples that are as it says", async function () {
    const { service } = await freshService(this);
    const { get } = await listen(this, service);
    const { paths } = (await get("/openapi.json", { operator: null })).body as {
      paths: Record<string, Record<string, Operation>>;
    };
    const wrong: string[] = [];
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, { summary, requestBody, responses }] of Object.entries(operations)) {
        const name = `${method} ${path}`;
        expect(summary, name).to.be.a("string").and.not.equal("");
        const refused = responses["default"]!.content!["application/problem+json"]!;
        expect(Object.keys(refused.examples!), name).to.include.members(["invalid_request", "rate_limited"]);
        for (const { content = {} } of [requestBody ?? {}, ...Object.values(responses)]) {
          for (const { schema, example, examples } of Object.values(content)) {
            const values = examples === undefined ? [example] : Object.values(examples).map(({ value }) => value);
            for (const value of values) {
              if (!ajv.validate(schema, value)) wrong.push(`${name}: ${ajv.errorsText()}`);
            }
          }
        }
      }
    }
    expect(wrong).to.deep.equal([]);
  });

  it("can be read and tried out as a page that asks nobody else for anything", async function () {
    const { service } = await freshService(this);
    const { url } = await listen(this, service);
    const page = await (await startBrowser(this)).newPage();
    const asked: string[] = [];
    const wrong: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).origin));
    page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
    await page.goto(`${url}/docs/`);
    await page.click("text=Pay from a hosted account to another account");
    await page.waitForSelector("text=insufficient_balance");
    expect(new Set(asked)).to.deep.equal(new Set([url]));
    expect(wrong).to.deep.equal([]);
  });
});
