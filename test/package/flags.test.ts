import { expect } from "chai";

import { FLAGS } from "../../bench/http/process";
import { scripts } from "../../package.json";

describe("V8's flags", () => {
  it("are the same for whatever is measured as for npm start", () => {
    const given = (name: "start" | "bench" | "bench:scale") =>
      /exec node (.*) dist\//.exec(scripts[name])![1]!.split(" ");
    expect(FLAGS).to.deep.equal(given("start"));
    expect(given("bench")).to.deep.equal(given("start"));
    expect(given("bench:scale")).to.deep.equal(given("start"));
  });
});
