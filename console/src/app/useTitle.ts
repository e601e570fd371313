import { useEffect } from "react";

/** Names the page in its tab and to screen readers. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Starledger`;
  }, [title]);
}
