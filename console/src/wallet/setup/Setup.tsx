import { useState } from "react";

import { Problem } from "../../app/Problem";
import { useAct } from "../../data/useAct";
import { Button } from "../../design/Button";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { injectedWallet } from "../session/injected";
import { useSession } from "../session/Session";
import { CreateKey } from "./CreateKey";
import { ImportKey } from "./ImportKey";
import { setupTexts } from "./messages";

/** Where a wallet begins: with a new key, one that there is already, or the browser's wallet. */
export function Setup() {
  const t = useMessages(setupTexts);
  const { connectInjected } = useSession();
  const [way, setWay] = useState<"create" | "import">();
  const { start: connect, isUnderWay, error } = useAct(connectInjected);
  const hasInjected = injectedWallet() !== undefined;
  if (way !== undefined) {
    const back = (): void => setWay(undefined);
    return way === "create" ? <CreateKey onBack={back} /> : <ImportKey onBack={back} />;
  }
  return (
    <div className="stack">
      <div>
        <h1>{t.title}</h1>
        <p className="muted">{t.lead}</p>
      </div>
      {error !== undefined && <Problem of={error} />}
      <div className="grid">
        <Panel title={t.create}>
          <p className="muted">{t.createHint}</p>
          <Button kind="primary" onClick={() => setWay("create")}>
            {t.create}
          </Button>
        </Panel>
        <Panel title={t.import}>
          <p className="muted">{t.importHint}</p>
          <Button onClick={() => setWay("import")}>{t.import}</Button>
        </Panel>
        <Panel title={t.injected}>
          <p className="muted">{hasInjected ? t.injectedHint : t.noInjected}</p>
          <Button onClick={connect} busy={isUnderWay} disabled={!hasInjected}>
            {t.injected}
          </Button>
        </Panel>
      </div>
    </div>
  );
}
