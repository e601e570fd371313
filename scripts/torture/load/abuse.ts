import { floodStreams, leaveEvents, sendMonsters, stayIdle } from "./streams";
import { dripBodies, dripHeads, leaveAnswers, staySilent } from "./connections";
import { flood, postMonsters } from "./calls";
import { Siege, type Tally } from "./siege";

/** How many of each kind of abuser there are. */
export interface Abusers {
  readonly idle: number;
  readonly silent: number;
  readonly slow: number;
  readonly unread: number;
  readonly floods: number;
}

export interface Orders extends Abusers {
  readonly url: string;
  readonly system: string;
  /** A key that may read events. */
  readonly key: string;
}

/** What the process of the abusers says: that all are at it, and, at the end, what came of it. */
export type Report = { readonly step: "begun" } | { readonly step: "ended"; readonly tally: Tally };

// The abusers are a process of their own: whoever is measured beside them waits for no turn of theirs.

function report(said: Report): void {
  process.send!(said);
}

process.once("message", (orders: Orders) => {
  const siege = new Siege(new URL(orders.url));
  process.once("message", () => {
    siege.end();
    report({ step: "ended", tally: siege.tally });
    process.disconnect();
  });
  // Connecting takes long once the others are there.
  void stayIdle(siege, orders.idle).then(() => {
    staySilent(siege, orders.silent);
    dripHeads(siege, orders.slow);
    dripBodies(siege, orders.slow);
    leaveAnswers(siege, orders.unread);
    leaveEvents(siege, orders.unread, orders.system, orders.key);
    flood(siege, orders.floods);
    floodStreams(siege, orders.floods);
    postMonsters(siege);
    sendMonsters(siege);
    report({ step: "begun" });
  });
});
