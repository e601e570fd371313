import type { ChainSide } from "../chainSide";
import type { Labelled } from "./gauges";

/** What can be read of a system's chain at any time. */
interface ChainGauge {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly read: (side: ChainSide) => Labelled[];
}

const PARTS = ["total", "reserve", "bond", "issueLimit"] as const;

/** Of each system that keeps up with its chain. */
export const CHAIN_GAUGES: readonly ChainGauge[] = [
  {
    name: "starledger_chain_head_block",
    help: "The latest block that was looked at.",
    labels: [],
    read: ({ status: { head } }) => (head === null ? [] : [[{}, head]]),
  },
  {
    name: "starledger_chain_final_block",
    help: "The last final block that was taken in.",
    labels: [],
    read: ({ status: { final } }) => [[{}, final]],
  },
  {
    name: "starledger_sender_balance_wei",
    help: "What an account that pays for gas has.",
    labels: ["sender"],
    read: ({ status: { senders } }) =>
      senders.flatMap(({ sender, balance }): Labelled[] => (balance === null ? [] : [[{ sender }, balance]])),
  },
  {
    name: "starledger_sender_low",
    help: "1 while an account that pays for gas has less than it should.",
    labels: ["sender"],
    read: ({ status: { senders } }) => senders.map(({ sender, isLow }) => [{ sender }, isLow ? 1 : 0]),
  },
  {
    name: "starledger_outbox_calls",
    help: "Calls on their way to the chain: not sent yet, and sent but not final.",
    labels: ["sender", "status"],
    read: ({ status: { senders } }) =>
      senders.flatMap(({ sender, waiting, sent }): Labelled[] => [
        [{ sender, status: "waiting" }, waiting],
        [{ sender, status: "sent" }, sent],
      ]),
  },
  {
    name: "starledger_outbox_age_seconds",
    help: "How long the oldest of them is under way; 0 where there is none.",
    labels: ["sender"],
    read: ({ status: { senders } }) => senders.map(({ sender, age }): Labelled => [{ sender }, age]),
  },
  {
    name: "starledger_outbox_dropped",
    help: "How often a node had forgotten a transaction, since the start; it was sent again.",
    labels: [],
    read: ({ status: { dropped } }) => [[{}, dropped]],
  },
  {
    name: "starledger_disputes",
    help: "Closes that are pending.",
    labels: [],
    read: (side) => [[{}, side.pendingDisputes().length]],
  },
  {
    name: "starledger_disputes_late",
    help: "Closes whose deadline comes near with an answer that is not mined.",
    labels: [],
    read: (side) => [[{}, side.pendingDisputes().filter(({ isLate }) => isLate).length]],
  },
  {
    name: "starledger_publication_timestamp_seconds",
    help: "When the last publication of what is owed that is final was made, in Unix time.",
    labels: ["token"],
    read: ({ publisher }) => [...(publisher?.published ?? [])].map(([token, { time }]) => [{ token }, time / 1000]),
  },
  {
    name: "starledger_published_base_units",
    help: "What that publication says is owed (`total`), and what stands behind it (`reserve`, `bond`, `issueLimit`).",
    labels: ["token", "part"],
    read: ({ publisher }) =>
      [...(publisher?.published ?? [])].flatMap(([token, { statement }]) =>
        PARTS.map((part): Labelled => [{ token, part }, statement[part]]),
      ),
  },
  {
    name: "starledger_pending_deposits",
    help: "Deposits that wait for confirmations.",
    labels: [],
    read: (side) => [[{}, side.pendingDeposits().length]],
  },
];
