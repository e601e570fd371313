import type { ReactNode } from "react";

import "./figure.css";

interface FigureProps {
  readonly name: string;
  readonly value: ReactNode;
  /** What it is of, or how it was. */
  readonly note?: ReactNode;
}

/** One number to see from afar; its place stays the same whatever the number is. */
export function Figure({ name, value, note }: FigureProps) {
  return (
    <div className="figure">
      <dt>{name}</dt>
      <dd className="figure-value">{value}</dd>
      <dd className="small muted">{note ?? "\u00a0"}</dd>
    </div>
  );
}

export function Figures({ children }: { readonly children: ReactNode }) {
  return <dl className="figures">{children}</dl>;
}
