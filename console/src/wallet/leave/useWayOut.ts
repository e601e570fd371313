import { useEffect, useRef, useState } from "react";

import type { Address } from "../../../../src/protocol";
import type { Client, ExitEvent, ExitStep, ExitTransaction, Situation } from "../../../../src/sdk/browser";

/** How far somebody who leaves alone has come. */
export interface WayOut {
  readonly next: { readonly step: ExitStep; readonly situation: Situation } | undefined;
  readonly sent: readonly ExitTransaction[];
  readonly isUnderWay: boolean;
  readonly error: unknown;
  /** Looks for the next step, or does the one that is shown and looks for the one after it. */
  readonly goOn: () => void;
}

const POLL = 6_000;

/** The way out of a channel, one step at a time: nothing is sent before its step was shown and asked for. */
export function useWayOut(client: Client, token: Address): WayOut {
  const [next, setNext] = useState<WayOut["next"]>();
  const [sent, setSent] = useState<readonly ExitTransaction[]>([]);
  const [isUnderWay, setUnderWay] = useState(false);
  const [error, setError] = useState<unknown>();
  const events = useRef<AsyncGenerator<ExitEvent>>(undefined);
  const left = useRef<AbortController>(undefined);
  useEffect(() => () => left.current?.abort(), []);

  const advance = async (): Promise<void> => {
    left.current ??= new AbortController();
    events.current ??= client.exit(token, { poll: POLL, signal: left.current.signal });
    for (;;) {
      const result = await events.current.next();
      if (result.done === true) return;
      const event = result.value;
      if (event.type === "sent") setSent((before) => [...before, event.sent]);
      else {
        setNext(event);
        // Waiting is nothing that has to be asked for.
        if (event.step.do !== "wait") return;
      }
    }
  };
  const goOn = (): void => {
    setUnderWay(true);
    setError(undefined);
    void advance()
      .catch((problem: unknown) => {
        // A generator that threw is over; the chain says where to take it up.
        events.current = undefined;
        setError(problem);
      })
      .finally(() => setUnderWay(false));
  };
  return { next, sent, isUnderWay, error, goOn };
}
