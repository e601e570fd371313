import { useAct } from "../data/useAct";
import { Button } from "../design/Button";
import { Problem } from "./Problem";

interface ActButtonProps {
  readonly label: string;
  readonly act: () => Promise<void>;
  readonly kind?: "plain" | "quiet";
}

/** Something that is done at once; what went wrong is told beside it. */
export function ActButton({ label, act, kind = "plain" }: ActButtonProps) {
  const { start, isUnderWay, error } = useAct(act);
  return (
    <>
      <Button kind={kind} busy={isUnderWay} onClick={() => start()}>
        {label}
      </Button>
      {error !== undefined && <Problem of={error} />}
    </>
  );
}
