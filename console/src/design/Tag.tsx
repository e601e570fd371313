import type { ReactNode } from "react";

import "./tag.css";

export type Tone = "neutral" | "good" | "warn" | "bad";

/** A state in one word. */
export function Tag({ tone = "neutral", children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return <span className={`tag ${tone}`}>{children}</span>;
}
