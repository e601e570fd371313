import { Button } from "./Button";

interface SubmitOrBackProps {
  readonly label: string;
  readonly isUnderWay?: boolean;
  readonly disabled: boolean;
  /** Where back leads. */
  readonly back: string;
  readonly onBack: () => void;
}

/** How a step's form ends: on to the next, or back to the one before. */
export function SubmitOrBack({ label, isUnderWay = false, disabled, back, onBack }: SubmitOrBackProps) {
  return (
    <div className="row">
      <Button kind="primary" type="submit" busy={isUnderWay} disabled={disabled}>
        {label}
      </Button>
      <Button kind="quiet" onClick={onBack}>
        {back}
      </Button>
    </div>
  );
}
