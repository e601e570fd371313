import { useCallback, useEffect, useState } from "react";

/** What was asked for, as far as it has come. */
export interface Asked<T> {
  readonly value: T | undefined;
  /** Of the last time; undefined once there was an answer again. */
  readonly error: unknown;
  readonly askAgain: () => void;
}

/**
 * Asks now, and again every `interval` milliseconds if one is given, while the page is looked at. What was answered last
 * stays until there is something newer.
 * @param ask to be the same function as long as it asks the same: see `useCallback`
 */
export function useAsked<T>(ask: () => Promise<T>, interval = 0): Asked<T> {
  const [answer, setAnswer] = useState<{ readonly value?: T; readonly error?: unknown }>({});
  const [round, setRound] = useState(0);
  const askAgain = useCallback(() => setRound((count) => count + 1), []);
  useEffect(() => {
    let isOver = false;
    const look = (): void => {
      ask().then(
        (value) => {
          if (!isOver) setAnswer({ value });
        },
        (error: unknown) => {
          if (!isOver) setAnswer((last) => ({ ...last, error }));
        },
      );
    };
    look();
    const again = (): void => {
      if (!document.hidden) look();
    };
    const timer = interval > 0 ? setInterval(again, interval) : undefined;
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [ask, interval, round]);
  return { value: answer.value, error: answer.error, askAgain };
}
