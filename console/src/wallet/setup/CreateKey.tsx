import { useEffect, useState } from "react";

import { Loading } from "../../app/Loading";
import { Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { Form } from "../../design/Form";
import { Panel } from "../../design/Panel";
import { SubmitOrBack } from "../../design/SubmitOrBack";
import { useMessages } from "../../i18n/language";
import type { Secret } from "../session/keys";
import { ChoosePassword } from "./ChoosePassword";
import { setupTexts } from "./messages";
import { Words } from "./Words";

/** Of twelve words, which are asked for again. */
const ASKED = [3, 9];

/** A new key: its words, a sign that they were written down, and a password. */
export function CreateKey({ onBack }: { readonly onBack: () => void }) {
  const t = useMessages(setupTexts);
  const [phrase, setPhrase] = useState<string>();
  const [secret, setSecret] = useState<Secret>();
  const [isWritten, setWritten] = useState(false);
  useEffect(() => {
    void import("../session/keys").then(({ newPhrase }) => setPhrase((made) => made ?? newPhrase()));
  }, []);
  if (phrase === undefined) return <Loading />;
  const accept = async (): Promise<void> => setSecret((await import("../session/keys")).readSecret(phrase));
  return (
    <div className="stack narrow">
      <h1>{t.create}</h1>
      {secret !== undefined ? (
        <ChoosePassword secret={secret} onBack={onBack} />
      ) : isWritten ? (
        <Repeat words={phrase.split(" ")} onDone={() => void accept()} onBack={() => setWritten(false)} />
      ) : (
        <Panel title={t.phrase}>
          <p className="muted">{t.phraseHint}</p>
          <Words phrase={phrase} />
          <div className="row">
            <Button kind="primary" onClick={() => setWritten(true)}>
              {t.written}
            </Button>
            <Button kind="quiet" onClick={onBack}>
              {t.back}
            </Button>
          </div>
        </Panel>
      )}
    </div>
  );
}

interface RepeatProps {
  readonly words: readonly string[];
  readonly onDone: () => void;
  readonly onBack: () => void;
}

function Repeat({ words, onDone, onBack }: RepeatProps) {
  const t = useMessages(setupTexts);
  const [given, setGiven] = useState<Readonly<Record<number, string>>>({});
  const isRight = (place: number) => given[place]?.trim().toLowerCase() === words[place - 1];
  const isWrong = (place: number) =>
    given[place] !== undefined && !words[place - 1]!.startsWith(given[place].trim().toLowerCase());
  return (
    <Panel title={t.repeatTitle}>
      <Form onSubmit={onDone}>
        {ASKED.map((place) => (
          <Field
            key={place}
            label={t.repeat(place)}
            wrong={isWrong(place) ? t.repeatWrong : undefined}
            value={given[place] ?? ""}
            autoCapitalize="off"
            onChange={({ target }) => setGiven((before) => ({ ...before, [place]: target.value }))}
          />
        ))}
        <SubmitOrBack label={t.written} disabled={!ASKED.every(isRight)} back={t.back} onBack={onBack} />
      </Form>
    </Panel>
  );
}
