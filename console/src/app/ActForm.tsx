import type { ReactNode } from "react";

import { Button } from "../design/Button";
import { Form } from "../design/Form";
import { Problem } from "./Problem";

interface ActFormProps {
  readonly onSubmit: () => void;
  /** Of `useAct`. */
  readonly isUnderWay: boolean;
  readonly error: unknown;
  /** What is done. */
  readonly label: string;
  readonly disabled: boolean;
  readonly kind?: "plain" | "primary";
  /** What else can be done, beside it. */
  readonly beside?: ReactNode;
  readonly children?: ReactNode;
}

/** What somebody fills in to have something done: it cannot be asked for twice at a time, and what went wrong is told. */
export function ActForm({
  onSubmit,
  isUnderWay,
  error,
  label,
  disabled,
  kind = "plain",
  beside,
  children,
}: ActFormProps) {
  return (
    <Form onSubmit={onSubmit}>
      {children}
      {error !== undefined && <Problem of={error} />}
      <div className="row">
        <Button type="submit" kind={kind} busy={isUnderWay} disabled={disabled}>
          {label}
        </Button>
        {beside}
      </div>
    </Form>
  );
}
