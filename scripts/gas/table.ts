/** What the operations are called, and the gas of the best peers, each measured on anvil with its own compiler and settings. */
const OPERATIONS: Record<string, readonly [words: string, peers?: string]> = {
  "deposit.first": ["first deposit", "64,100 (Perun), 65,400 (Nitro), 92,800 (Photon)"],
  "deposit.topUp": ["top-up", "46,900 (Perun), 48,400 (Nitro), 52,000 (Photon)"],
  "deposit.permit": ["top-up by permit (ERC-2612), without an approval"],
  "deposit.permit2": ["the same by Permit2"],
  "withdraw.single": ["withdrawal, the channel stays open"],
  "withdraw.batch100.perUser": ["the same in a batch of 100, per user"],
  closeCooperatively: ["cooperative close, both paid", "73,800 (Photon), 98,900 (Nitro)"],
  close: ["close with state and note", "64,300 (Photon), 101,000 (Perun); one-way 50,400 (Machinomy)"],
  "challenge.replace": ["a newer state", "61,600 (Photon), 68,500 (Perun)"],
  "challenge.replace.firstUse": ["the same in a channel that never withdrew"],
  "challenge.penalty": ["penalty, paid out", "100,400 in two (Photon, for abandoned locks)"],
  settle: ["settlement, paid out", "62,800 (Photon), 69,400 (Nitro); one-way 55,800 (Machinomy)"],
  "settle.both": ["the same with something left for the system"],
  prove: ["a newer note"],
  "lock.claim": ["lock claimed in a channel, with its preimage", "105,100 in two (Raiden), 114,000 in two (Photon)"],
  "lock.claim.next": ["another lock of the same tree"],
  "lock.claim.batch50.perLock": ["fifty at once, per lock"],
  "htlc.lock": ["stand-alone lock", "67,100 (Boltz), 103,100 (1inch)"],
  "htlc.claim": ["its claim", "41,900 (Boltz), 46,600 (1inch)"],
  "htlc.claimTen": ["ten claims in one transaction", "105,300 (Boltz)"],
  "htlc.refund": ["its refund", "41,100 (Boltz), 45,600 (1inch)"],
  anchor: ["proof of liabilities, anchored"],
};

export type Figures = Readonly<Record<string, number>>;

/** The table of the README, in Markdown. */
export function markdownTable(figures: Figures): string {
  const rows = Object.entries(OPERATIONS).flatMap(([key, [words, peers = ""]]) =>
    figures[key] === undefined ? [] : [[words, `\`${key}\``, thousands(figures[key]), peers] as const],
  );
  const lines = [["operation", "key", "Starledger", "best others"], ["---", "---", "--:", "---"], ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Everything measured, for a terminal. */
export function plainTable(figures: Figures): string {
  const rows = Object.entries(figures).map(([key, gas]) => [key, thousands(gas), OPERATIONS[key]?.[1] ?? ""] as const);
  return [["operation", "gas", "best others"] as const, ...rows]
    .map(([key, gas, peers]) => `${key.padEnd(28)}${gas.padStart(9)}  ${peers}`.trimEnd())
    .join("\n");
}

function thousands(gas: number): string {
  return gas.toLocaleString("en-US");
}
