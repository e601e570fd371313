import type { ReactNode } from "react";

import "./notice.css";

interface NoticeProps {
  readonly tone?: "info" | "good" | "warn" | "bad";
  readonly title?: ReactNode;
  readonly children?: ReactNode;
}

/** Something to know now; what went wrong is told to screen readers at once. */
export function Notice({ tone = "info", title, children }: NoticeProps) {
  return (
    <div className={`notice ${tone}`} role={tone === "bad" ? "alert" : "status"}>
      {title !== undefined && <strong>{title}</strong>}
      {children !== undefined && <div>{children}</div>}
    </div>
  );
}
