import { createHash } from "node:crypto";

import { formatUnits } from "ethers";

import type { Asset } from "../../engine";
import type { Address } from "../../protocol";
import type { Publication } from "../../store";

/** A token of a system, with what was published of it, newest first. */
export interface Published {
  readonly asset: Asset;
  readonly publications: readonly Publication[];
}

/** Whose the page is. */
export interface ProofsPage {
  readonly hubs: ReadonlyMap<Address, Address>;
  readonly anchor: Address | null;
  readonly tokens: readonly Published[];
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ccc}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}code{overflow-wrap:anywhere}.bad{color:#b00020;font-weight:bold}`;

/** Nothing on the page may load, run or send anything. */
export const PROOFS_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** What each system owes, what stands behind it and what it has published of that, for everybody to read. */
export function proofsPage({ hubs, anchor, tokens }: ProofsPage): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Proof of liabilities</title><style>${STYLE}</style></head>
<body><h1>Proof of liabilities</h1>
<p>What is owed here, as the service says it, and what it has published on chain, where it cannot take it back.
Do not believe this page: check it by a node of your own, as said below.</p>
<p>Anchor contract: <code>${anchor ?? "none"}</code></p>
${tokens.map((one) => tokenSection(one, hubs)).join("\n")}
<h2>Check it yourself</h2>
<p>With your own key, records and node, that your balance is in the last publication:</p>
<pre>starledger verify --wallet FILE --key-file FILE --rpc YOUR-NODE</pre>
<p>It checks the path from your leaf to root and total, that both and the statement are on chain, your balance by your own
records, and what stands behind the token. Programs built on the SDK do so after each publication by themselves.</p>
</body></html>
`;
}

function tokenSection({ asset, publications }: Published, hubs: ReadonlyMap<Address, Address>): string {
  const { token, system, decimals, settings, liabilities, limit, paused } = asset;
  const sum = (amount: bigint) => formatUnits(amount, decimals);
  const cover = settings.backing === "collateral" ? "each channel's own tokens" : `at most ${sum(limit)}`;
  const rows = publications.map(({ statement, time, status, anchored }) => {
    const { period, total, reserve, bond, issueLimit, block } = statement;
    const sums = [total, reserve, issueLimit, bond].map((amount) => `<td class="n">${sum(amount)}</td>`).join("");
    const day = new Date(time).toISOString().slice(0, 16).replace("T", " ");
    const place = anchored === null ? status : `<code>${anchored}</code>`;
    return `<tr><td class="n">${period}</td><td>${day}</td>${sums}<td class="n">${block}</td><td>${place}</td></tr>`;
  });
  const head = ["Owed", "Reserve", "May issue", "Bond"].map((name) => `<th class="n">${name}</th>`).join("");
  return `<section><h2>Token <code>${token}</code></h2>
<p>System <code>${system}</code>, hub <code>${hubs.get(system) ?? "unknown"}</code></p>
<p>Backing: ${settings.backing}. Owed now: <b>${sum(liabilities)}</b>; covered by ${cover}.
${paused === null ? "" : `<span class="bad">Crediting is paused (${paused}).</span>`}</p>
${rows.length === 0 ? "<p>Nothing was published yet.</p>" : table(head, rows)}</section>`;
}

function table(sums: string, rows: readonly string[]): string {
  return `<table><thead><tr><th class="n">Period</th><th>Time (UTC)</th>${sums}<th class="n">Block</th><th>Transaction</th></tr></thead>
<tbody>${rows.join("\n")}</tbody></table>`;
}
