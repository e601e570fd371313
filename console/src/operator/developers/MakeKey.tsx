import { useState } from "react";

import { ActForm } from "../../app/ActForm";
import { useAct } from "../../data/useAct";
import { Field } from "../../design/Field";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { useOperator } from "../session/Operator";
import type { Caller } from "../session/rights";
import { developersTexts } from "./messages";
import { ShownOnce } from "./ShownOnce";
import "./makeKey.css";

type Scope = Caller["scopes"][number];

/** Makes a key that may do some of what one may do oneself. */
export function MakeKey({ onMade }: { readonly onMade: () => void }) {
  const t = useMessages(developersTexts);
  const { admin, caller } = useOperator();
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<ReadonlySet<Scope>>(new Set());
  const [expires, setExpires] = useState("");
  const [made, setMade] = useState<string>();
  const { start, isUnderWay, error } = useAct(async () => {
    const { key } = await admin.makeApiKey({
      ...{ name: name.trim(), scopes: [...chosen], restrictions: caller.restrictions },
      expires: expires === "" ? caller.expires : `${expires}T00:00:00Z`,
    });
    setMade(key);
    setName("");
    setChosen(new Set());
    onMade();
  });
  const toggle = (scope: Scope): void => {
    const next = new Set(chosen);
    if (!next.delete(scope)) next.add(scope);
    setChosen(next);
  };
  return (
    <Panel title={t.makeKey}>
      {made !== undefined && <ShownOnce title={t.newKey} hint={t.newKeyHint} text={made} />}
      <ActForm
        onSubmit={start}
        {...{ isUnderWay, error }}
        label={t.makeKey}
        disabled={name.trim() === "" || chosen.size === 0}
      >
        <Field label={t.name} hint={t.nameHint} value={name} onChange={({ target }) => setName(target.value)} />
        <fieldset className="scopes">
          <legend>{t.scopes}</legend>
          {caller.scopes.map((scope) => (
            <label key={scope}>
              <input type="checkbox" checked={chosen.has(scope)} onChange={() => toggle(scope)} />
              <span>{told(scope, t)}</span>
            </label>
          ))}
        </fieldset>
        <Field label={t.expiresOn} type="date" value={expires} onChange={({ target }) => setExpires(target.value)} />
      </ActForm>
    </Panel>
  );
}

function told(scope: Scope, t: (typeof developersTexts)["en"]): string {
  const [resource, right] = scope.split(":") as [keyof typeof t.resources, "read" | "write"];
  return `${t.resources[resource]}: ${t[right]}`;
}
