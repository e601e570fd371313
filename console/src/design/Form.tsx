import type { ReactNode } from "react";

interface FormProps {
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}

/** Fields one below the other; sent by Enter too, and never by the browser itself. */
export function Form({ onSubmit, children }: FormProps) {
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}
