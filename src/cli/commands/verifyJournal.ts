import type { Command } from "commander";

import { verifyJournal, type Address, type JournalAnchor, type JournalFinding } from "../../protocol";
import type { Anchor, OperatorApi } from "../../sdk";
import { address } from "../arguments";
import { define, runs } from "../define";
import { EXIT } from "../exitCodes";
import { shown } from "../shown";
import { rpcOption } from "../signing";
import { systemOf } from "../systems";
import { facts, table } from "../tables";

interface JournalOptions {
  readonly rpc: string;
  readonly system?: Address;
  readonly anchor?: Address;
}

/** A publication that the chain does not have. */
interface Unpublished {
  readonly kind: "not_published";
  readonly token: Address;
  readonly period: bigint;
}

export function verifyJournalCommand(program: Command): void {
  const command = define(program, "verify-journal", {
    does: "Recomputes the hash chain of a system's log, event by event, and compares it with the heads that the system published on chain; names what differs, and fails if anything does.",
    examples: [
      "starledger verify-journal --rpc https://node.example",
      "starledger verify-journal --rpc https://node.example --anchor 0x5FC8d32690cc91D4c39d9d3abcBD16989F875707 --json",
    ],
  })
    .addOption(rpcOption().makeOptionMandatory())
    .option("--system <address>", "whose log; needed where the service serves several systems", address)
    .option("--anchor <address>", "the anchor contract's address; by default the one that the service names", address);
  runs<JournalOptions, []>(command, async (session, options) => {
    const operator = await session.operator();
    const system = await systemOf(operator, options.system);
    const last = (await operator.progress()).systems.find((one) => one.address === system)?.lastCommit ?? 0n;
    const { anchors, missing } = await anchorsOf(operator, system, options);
    const { findings, ...report } = await verifyJournal(operator.journal(system), last, anchors);
    const all: (JournalFinding | Unpublished)[] = [...missing, ...findings];
    const data = { ok: all.length === 0, system, ...report, anchors: anchors.length, findings: all };
    return shown(data, viewOf, data.ok ? EXIT.done : EXIT.failed);
  });
}

/** What the chain has of what the service says that it published, and what it has not. */
async function anchorsOf(operator: OperatorApi, system: Address, { rpc, anchor: named }: JournalOptions) {
  const { Anchor: Contract, ChainNode, httpProvider } = await import("../../sdk");
  const node = new ChainNode(httpProvider(rpc));
  const [anchors, missing]: [JournalAnchor[], Unpublished[]] = [[], []];
  let contract: Anchor | undefined;
  for (const { token } of (await operator.assets()).filter((asset) => asset.system === system)) {
    let before: bigint | undefined;
    do {
      const page = await operator.publications({ system, token, ...(before !== undefined && { before }) });
      const at = named ?? page.anchor;
      if (at !== null) contract ??= new Contract(at, node);
      for (const { statement, status } of page.data) {
        const { period, commit, head, total } = statement;
        if (status !== "final") continue;
        if (await contract?.has(statement, "finalized")) anchors.push({ token, period, commit, head, total });
        else missing.push({ kind: "not_published", token, period });
      }
      before = page.hasMore ? page.data.at(-1)?.statement.period : undefined;
    } while (before !== undefined);
  }
  return { anchors, missing };
}

interface View {
  readonly system: Address;
  readonly commits: bigint;
  readonly events: bigint;
  readonly head: string;
  readonly anchors: number;
  readonly findings: readonly (JournalFinding | Unpublished)[];
}

function viewOf({ system, commits, events, head, anchors, findings }: View): string {
  const summary = facts({
    System: system,
    Commits: `${commits}`,
    Events: `${events}`,
    Head: head,
    Anchors: `${anchors} on chain`,
    Result: findings.length === 0 ? "the log is what was published" : `${findings.length} differences`,
  });
  if (findings.length === 0) return summary;
  const rows = findings.map(({ kind, ...about }) => [kind, detailOf(about)]);
  return `${summary}\n\n${table(["Difference", "Where"], rows, "")}`;
}

function detailOf(about: object): string {
  return Object.entries(about)
    .map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value, textOf) : String(value)}`)
    .join(", ");
}

function textOf(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}` : value;
}
