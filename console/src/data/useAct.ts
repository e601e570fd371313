import { useState } from "react";

/** Something that a person starts: whether it is under way, and what went wrong the last time. */
export function useAct<Arguments extends readonly unknown[]>(act: (...given: Arguments) => Promise<void>) {
  const [isUnderWay, setUnderWay] = useState(false);
  const [error, setError] = useState<unknown>();
  const start = (...given: Arguments): void => {
    setUnderWay(true);
    setError(undefined);
    void act(...given)
      .catch(setError)
      .finally(() => setUnderWay(false));
  };
  return { start, isUnderWay, error };
}
