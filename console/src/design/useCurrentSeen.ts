import { useEffect, useRef, type RefObject } from "react";

/** Has links that are wider than the screen show the one where one is. */
export function useCurrentSeen(location: string): RefObject<HTMLElement | null> {
  const links = useRef<HTMLElement>(null);
  useEffect(() => {
    links.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [location]);
  return links;
}
