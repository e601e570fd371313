import { ZERO_ADDRESS } from "../../protocol";
import type { Collectable, ExitStep, Situation } from "../../sdk";
import { dateOf } from "../dates";

const BEHIND = "may lack what you signed elsewhere or after a backup, so the system may show newer";

/** A step in plain words; amounts are base units of the token. */
export function describeStep(step: ExitStep): string {
  switch (step.do) {
    case "register":
      return `Register ${step.preimages.length} preimage(s) for everyone, so that their locks count for good`;
    case "agree":
      return `Close as you and the system agreed, at once: ${step.due} to you`;
    case "close":
      return step.humble
        ? `Close humbly (no penalty, twice the period; ${step.fee} wei go along and come back if nothing newer by two is shown${step.mayBeBehind ? `; your file ${BEHIND}` : ""}); due now: ${step.due}`
        : `Close at the risk of the penalty: if the system shows a state newer by two, everything is lost; due now: ${step.due}`;
    case "challenge":
      return `Show the system's close your state of version ${step.evidence.state.version}`;
    case "prove":
      return `Show your note ${step.held.note.seq}, which credits ${step.held.note.credited}, with its claimable locks`;
    case "settle":
      return `Settle: ${step.due} to you`;
    case "collect":
      return `Collect ${step.items.map(describeItem).join(", ")}`;
    case "wait":
      return `Come back for ${step.for} at ${when(step.until)}`;
    case "done":
      return `Done: ${step.because}`;
  }
}

function describeItem(item: Collectable): string {
  if (item.kind !== "owed") return `${item.kind} ${item.index} of up to ${item.amount}`;
  return `${item.amount} ${item.token === ZERO_ADDRESS ? "wei" : "of the token"} that could not be paid`;
}

/** What the chain says, line by line. */
export function describeSituation(situation: Situation): string {
  const { evidence, channel, asset, dispute, due, outgoing, locks, collectable, isOver, now } = situation;
  const { completed, held } = evidence;
  const rows: [string, string][] = [
    ["Channel", channel.id],
    [
      "Epoch",
      `${channel.epoch}${isOver ? `, your papers are of epoch ${evidence.channel.epoch}, which is settled` : ""}`,
    ],
    ["Backing", `${asset.settings.backing}, reserve free of claims ${asset.reserve}`],
    [
      "You hold",
      `state ${completed?.state.version ?? 0n}, note ${held?.note.seq ?? 0n}${evidence.mayBeBehind ? `; your file ${BEHIND}` : ""}`,
    ],
  ];
  if (locks.locks.length > 0) rows.push(["Locks to claim", `${locks.locks.length}, worth ${locks.total}`]);
  if (dispute === undefined) {
    const { deposited, withdrawn, collateral } = channel.funds;
    rows.push(
      ["Status", "open"],
      ["On chain", `deposited ${deposited}, withdrawn ${withdrawn}, collateral ${collateral}`],
    );
  } else {
    const { judged } = dispute.close;
    const who = `${judged.bySystem ? "the system" : "you"}${judged.humble ? ", humbly" : ""}`;
    rows.push(
      ["Status", `closing, by ${who}, with state ${judged.version}`],
      [
        "Stands",
        `state ${dispute.standing.version}${dispute.systemCheated ? "; the system is convicted of cheating" : ""}`,
      ],
      [
        "Newer states until",
        `${when(dispute.close.judged.challengeEnd)}${now >= dispute.close.judged.challengeEnd ? " (over)" : ""}`,
      ],
      ["Settlement from", when(dispute.settleableFrom)],
    );
  }
  rows.push([
    "Due to you",
    `${due}${outgoing > 0n ? `, less what the system claims of your locks (${outgoing})` : ""}`,
  ]);
  for (const item of collectable) rows.push(["Waits for you", describeItem(item)]);
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.map(([name, value]) => `${name.padEnd(width)}${value}\n`).join("");
}

/** The same for programs. */
export function situationAsJson({ channel, dispute, due, outgoing, isOver, now, collectable, locks }: Situation) {
  return {
    channelId: channel.id,
    epoch: channel.epoch,
    isOver,
    closing: dispute !== undefined,
    now,
    due,
    outgoing,
    claimableLocks: locks.total,
    ...(dispute && {
      bySystem: dispute.close.judged.bySystem,
      humble: dispute.close.judged.humble,
      closedWith: dispute.close.judged.version,
      stands: dispute.standing.version,
      systemCheated: dispute.systemCheated,
      challengeEnd: dispute.close.judged.challengeEnd,
      settleableFrom: dispute.settleableFrom,
    }),
    collectable,
  };
}

function when(time: bigint): string {
  return `${dateOf(time)} (${time})`;
}
