import { lazy, Suspense, useState } from "react";

import { ActForm } from "../../app/ActForm";
import { Loading } from "../../app/Loading";
import { useAct } from "../../data/useAct";
import { Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { useAccount } from "../session/Account";
import { payTexts } from "./messages";
import { readTarget, type Target } from "./target";

const Scan = lazy(() => import("../scan/Scan"));

interface ChooseTargetProps {
  /** What a link brought. */
  readonly linked: string;
  readonly onChosen: (target: Target) => void;
}

/** Whom to pay. */
export function ChooseTarget({ linked, onChosen }: ChooseTargetProps) {
  const t = useMessages(payTexts);
  const { client } = useAccount();
  const [text, setText] = useState(linked);
  const [isScanning, setScanning] = useState(false);
  const { start, isUnderWay, error } = useAct(async (named: string) => onChosen(await readTarget(named, client)));
  const take = (scanned: string): void => {
    setScanning(false);
    setText(scanned);
    start(scanned);
  };
  return (
    <div className="narrow">
      <Panel title={t.title}>
        <ActForm
          onSubmit={() => start(text)}
          {...{ isUnderWay, error }}
          label={t.next}
          kind="primary"
          disabled={text.trim() === ""}
          beside={<Button onClick={() => setScanning(true)}>{t.scan}</Button>}
        >
          <Field
            label={t.field}
            hint={t.hint}
            autoCapitalize="off"
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        </ActForm>
        {isScanning && (
          <Suspense fallback={<Loading />}>
            <Scan onFound={take} onClose={() => setScanning(false)} />
          </Suspense>
        )}
      </Panel>
    </div>
  );
}
