import type { Address } from "../../../../src/protocol";
import { Loading } from "../../app/Loading";
import { Problem } from "../../app/Problem";
import { useAct } from "../../data/useAct";
import { useService } from "../../data/useService";
import { Button } from "../../design/Button";
import { Copyable } from "../../design/Copyable";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { useSession } from "../session/Session";
import { setupTexts } from "./messages";

/** Asks whom the account is with, where a service serves several systems. */
export function ChooseSystem() {
  const t = useMessages(setupTexts);
  const { chooseSystem } = useSession();
  const { value, error, askAgain } = useService();
  const { start, isUnderWay, error: refused } = useAct((system: Address) => chooseSystem(system));
  if (value === undefined) return error === undefined ? <Loading /> : <Problem of={error} onRetry={askAgain} />;
  return (
    <div className="stack">
      <div>
        <h1>{t.systems}</h1>
        <p className="muted">{t.systemsHint}</p>
      </div>
      {refused !== undefined && <Problem of={refused} />}
      <div className="grid">
        {value.systems.map(({ address }) => (
          <Panel key={address} title={symbolsOf(value.assets, address)}>
            <Copyable text={address} />
            <div className="row">
              <Button busy={isUnderWay} onClick={() => start(address)}>
                {t.choose}
              </Button>
            </div>
          </Panel>
        ))}
      </div>
    </div>
  );
}

function symbolsOf(assets: readonly { readonly system: Address; readonly symbol: string }[], system: Address): string {
  const own = assets.filter((asset) => asset.system === system);
  return own.map(({ symbol }) => symbol).join(", ") || "–";
}
