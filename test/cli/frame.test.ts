import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";
import type { Command } from "commander";

import { bundledCommandLine } from "../../scripts/bundled/commandLine";
import { examplesOf } from "../../src/cli/define";
import { buildProgram } from "../../src/cli/program";
import { StarledgerError } from "../../src/errors";
import { temporaryFolder } from "../helpers/temporaryFolder";
import { done, doneJson, starledger, stopped } from "./helpers/cli";

const SOMEBODY = `0x${"70".repeat(20)}`;
const NOBODY_LISTENS = { STARLEDGER_URL: "http://127.0.0.1:59990", STARLEDGER_API_KEY: "development" };

function leaves(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
}

describe("CLI: the frame", () => {
  it("describes every command, argument and option, with examples that name it", () => {
    const program = buildProgram();
    for (const command of leaves(program)) {
      const names = [command.name()];
      for (let above = command.parent; above !== null; above = above.parent) names.unshift(above.name());
      const typed = names.join(" ");
      expect(command.description(), typed).to.match(/^[A-Z].*[.)]$/s);
      expect(examplesOf(command), typed).not.to.be.empty;
      for (const example of examplesOf(command)) expect(example).to.include(typed);
      for (const { flags, description } of command.options) expect(description, `${typed} ${flags}`).not.to.equal("");
      for (const one of command.registeredArguments) expect(one.description, `${typed} ${one.name()}`).not.to.equal("");
    }
  });

  it("docs/CLI.md says what the commands say", () => {
    execFileSync("npx", ["tsx", "scripts/cli.ts", "--check"]);
  });

  it("shows a command's help with its examples on standard output", async () => {
    const { code, stdout, stderr } = await starledger(["balance", "--help"]);
    expect([code, stderr]).to.deep.equal([0, ""]);
    expect(stdout).to.match(/^Usage: starledger balance \[options\] <address>\n/);
    expect(stdout).to.include("\nGlobal Options:\n  --json ").and.include("\nExamples:\n  starledger balance 0x");
  });

  it("refuses what is not as documented with code 2, one line and a hint", async () => {
    const cases: [string[], string][] = [
      [["nonsense"], "unknown command 'nonsense'"],
      [["balance"], "missing required argument 'address'"],
      [["balance", SOMEBODY, "--nonsense"], "unknown option '--nonsense'"],
      [
        ["balance", "0x12"],
        "command-argument value '0x12' is invalid for argument 'address'. an address is 0x and 40 digits.",
      ],
      [["exit", "status"], "required option '--hub <address>' not specified"],
    ];
    const outcomes = await Promise.all(cases.map(([words]) => starledger(words)));
    cases.forEach(([words, reason], i) => {
      expect(outcomes[i], words.join(" ")).to.deep.equal(stopped(2, new StarledgerError("wrong_usage", { reason })));
    });
  });

  it("says the same as one line of JSON", async () => {
    const { code, message, hint, details } = new StarledgerError("wrong_usage", {
      reason: "missing required argument 'address'",
    });
    expect(await starledger(["balance", "--json"])).to.deep.equal({
      code: 2,
      stdout: `${JSON.stringify({ error: code, message, hint, details })}\n`,
      stderr: `${code}: ${message}\n${hint}\n`,
    });
  });

  it("case 33: has no option that takes a secret, and names the sources of one that is missing", async () => {
    const secrets = leaves(buildProgram()).flatMap(({ options }) => options.map(({ long }) => long!));
    expect(secrets.filter((flag) => /(secret|passphrase|password|private|key)$/.test(flag))).to.have.members(
      secrets.filter((flag) => ["--idempotency-key", "--original-key"].includes(flag)),
    );
    const error = new StarledgerError("missing_secret", {
      secret: "The operator's key",
      sources: "--api-key-file, STARLEDGER_API_KEY",
    });
    expect(await starledger(["balance", SOMEBODY])).to.deep.equal(stopped(2, error));
  });

  it("ends with code 4 when nobody answers", async () => {
    const outcome = await starledger(["status"], NOBODY_LISTENS);
    expect(outcome).to.deep.equal(
      stopped(4, new StarledgerError("unreachable", { reason: "connect ECONNREFUSED 127.0.0.1:59990" })),
    );
  });

  it("shows where an error came from only when it is asked to", async () => {
    const { stderr } = await starledger(["status", "--verbose"], NOBODY_LISTENS);
    expect(stderr).to.match(/^unreachable: .*\n.*\nStarledgerError: .*\n +at /);
  });

  it("prints its version", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    const [text, json] = await Promise.all([starledger(["version"]), starledger(["version", "--json"])]);
    expect([text, json]).to.deep.equal([done(`${version}\n`), doneJson({ version, node: process.versions.node })]);
  });

  it("colours nothing that is not read in a terminal, wherever it runs", function () {
    const env = { PATH: process.env["PATH"], CI: "1", XDG_CONFIG_HOME: temporaryFolder(this) };
    const words = [bundledCommandLine(), "profile", "set", `token=${SOMEBODY}`];
    const shown = execFileSync(process.execPath, words, { env, encoding: "utf8" });
    expect(shown).to.equal(`Setting  Value\ntoken    ${SOMEBODY}\n`);
  });

  describe("a profile", () => {
    it("is written for its owner alone, shown, and taken where neither flag nor environment says otherwise", async function () {
      const folder = temporaryFolder(this);
      const file = path.join(folder, "starledger", "config.json");
      const home = { XDG_CONFIG_HOME: folder };
      const settings = { url: "http://127.0.0.1:59991", token: SOMEBODY };
      const written = await starledger(
        ["profile", "set", "url=http://127.0.0.1:59991", `token=${SOMEBODY}`, "hub="],
        home,
      );
      const text = `Setting  Value\nurl      http://127.0.0.1:59991\ntoken    ${SOMEBODY}\n`;
      expect(written).to.deep.equal(done(text));
      expect(statSync(file).mode & 0o777).to.equal(0o600);
      const [shown, byProfile, byVariable, byFlag] = await Promise.all([
        starledger(["profile", "show", "--json"], home),
        starledger(["status"], home),
        starledger(["status"], { ...home, STARLEDGER_URL: "http://127.0.0.1:59992" }),
        starledger(["status", "--url", "http://127.0.0.1:59993"], {
          ...home,
          STARLEDGER_URL: "http://127.0.0.1:59992",
        }),
      ]);
      expect(JSON.parse(shown.stdout)).to.deep.equal({ file, profile: "default", settings });
      const unreachable = [byProfile, byVariable, byFlag].map(({ stderr }) => /127\.0\.0\.1:\d+/.exec(stderr)?.[0]);
      expect(unreachable).to.deep.equal(["127.0.0.1:59991", "127.0.0.1:59992", "127.0.0.1:59993"]);
    });

    it("is refused if others may read it, if it is malformed, if it says what is none", async function () {
      const folder = temporaryFolder(this);
      const file = path.join(folder, "starledger", "config.json");
      mkdirSync(path.dirname(file));
      const home = { XDG_CONFIG_HOME: folder };
      const codeWith = async (content: string, mode: number, words: string[]) => {
        writeFileSync(file, content);
        execFileSync("chmod", [mode.toString(8), file]);
        const { code, stderr } = await starledger(words, home);
        return [code, stderr.split(":")[0]];
      };
      expect(await codeWith("{}", 0o644, ["status"])).to.deep.equal([1, "insecure_file"]);
      expect(await codeWith("{", 0o600, ["status"])).to.deep.equal([1, "invalid_input"]);
      expect(await codeWith('{"default":{"nonsense":"1"}}', 0o600, ["status"])).to.deep.equal([1, "invalid_input"]);
      const exit = ["exit", "status", "--rpc", "http://127.0.0.1:59990", "--evidence", "none"];
      expect(await codeWith('{"default":{"hub":"0x12"}}', 0o600, exit)).to.deep.equal([1, "invalid_input"]);
      expect(await codeWith("{}", 0o600, ["status", "--profile", "other"])).to.deep.equal([2, "wrong_usage"]);
      expect(await codeWith("{}", 0o600, ["profile", "set", "nonsense=1"])).to.deep.equal([2, "wrong_usage"]);
    });
  });

  describe("completion", () => {
    const complete = (script: string, words: string[]): string[] => {
      const quoted = words.map((word) => `'${word}'`).join(" ");
      const ask = `COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _starledger; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const output = execFileSync("bash", ["-c", `${script}\n${ask}`], { encoding: "utf8" });
      return output.split("\n").filter((line) => line !== "");
    };

    it("bash: completes commands, those below them, and options", async () => {
      const { stdout, code, stderr } = await starledger(["completion", "bash"]);
      expect([code, stderr]).to.deep.equal([0, ""]);
      expect(complete(stdout, ["starledger", "vers"])).to.deep.equal(["version"]);
      expect(complete(stdout, ["starledger", "account", ""])).to.include.members(["open", "show", "--help"]);
      const options = ["--address", "--token", "--idempotency-key", "--json", "--url"];
      expect(complete(stdout, ["starledger", "account", "open", "--"])).to.include.members(options);
      expect(complete(stdout, ["starledger", "open", "--addr"])).to.deep.equal([]);
    });

    it("zsh and fish: know every command", async () => {
      const [zsh, fish] = await Promise.all([starledger(["completion", "zsh"]), starledger(["completion", "fish"])]);
      expect([zsh.code, fish.code]).to.deep.equal([0, 0]);
      for (const command of leaves(buildProgram())) {
        const above = command.parent?.parent === null ? "" : `${command.parent!.name()} `;
        expect(zsh.stdout).to.include(`"${above}${command.name()}") compadd -- `);
        expect(fish.stdout).to.include(` -f -a ${command.name()} -d '`);
      }
    });
  });
});
