import type { ButtonHTMLAttributes } from "react";
import { Link } from "wouter";

import "./button.css";

type Kind = "plain" | "primary" | "danger" | "quiet";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly kind?: Kind;
  /** What it started is under way: it cannot be started again, and stays as wide as it is. */
  readonly busy?: boolean;
}

export function Button({ kind = "plain", busy = false, disabled, type = "button", children, ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={`button ${kind}`}
      disabled={disabled === true || busy}
      aria-busy={busy || undefined}
    >
      {children}
    </button>
  );
}

/** A link that looks like a button, for what leads elsewhere. */
export function ButtonLink({ to, kind = "plain", children }: { to: string; kind?: Kind; children: React.ReactNode }) {
  return (
    <Link href={to} className={`button ${kind}`}>
      {children}
    </Link>
  );
}
