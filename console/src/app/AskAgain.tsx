import { useState, type ReactNode } from "react";

import { useAct } from "../data/useAct";
import { Button } from "../design/Button";
import { Dialog } from "../design/Dialog";
import { common } from "../i18n/common";
import { useMessages } from "../i18n/language";
import { Problem } from "./Problem";

interface AskAgainProps {
  /** What starts it, and what it is called. */
  readonly label: string;
  /** What it does, before it is done. */
  readonly says: ReactNode;
  readonly act: () => Promise<void>;
  readonly kind?: "plain" | "danger" | "quiet";
}

/** Something that is done only once its consequences were read. */
export function AskAgain({ label, says, act, kind = "danger" }: AskAgainProps) {
  const t = useMessages(common);
  const [isAsked, setAsked] = useState(false);
  const { start, isUnderWay, error } = useAct(async () => {
    await act();
    setAsked(false);
  });
  return (
    <>
      <Button kind={kind} onClick={() => setAsked(true)}>
        {label}
      </Button>
      {isAsked && (
        <Dialog title={label} closing={t.close} onClose={() => setAsked(false)}>
          <div className="stack">{typeof says === "string" ? <p>{says}</p> : says}</div>
          {error !== undefined && <Problem of={error} />}
          <div className="row">
            <Button kind="danger" busy={isUnderWay} onClick={() => start()}>
              {label}
            </Button>
            <Button onClick={() => setAsked(false)}>{t.cancel}</Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
