import { useState } from "react";

import { Problem } from "../../app/Problem";
import { Transaction } from "../../chain/Transaction";
import type { NamedAsset } from "../../data/chain";
import { useAct } from "../../data/useAct";
import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Notice } from "../../design/Notice";
import { Panel } from "../../design/Panel";
import { common } from "../../i18n/common";
import { useMessages } from "../../i18n/language";
import { useAccount } from "../session/Account";
import { leaveTexts } from "./messages";

/** The end of a channel that both sides sign. */
export function Together({ asset }: { readonly asset: NamedAsset }) {
  const t = useMessages(leaveTexts);
  const { close, cancel } = useMessages(common);
  const { client } = useAccount();
  const [isAsked, setAsked] = useState(false);
  const [transaction, setTransaction] = useState<string>();
  const { start, isUnderWay, error } = useAct(async () => {
    setTransaction((await client.close(asset.token)).transaction);
    setAsked(false);
  });
  return (
    <Panel title={t.together}>
      <p className="muted">{t.togetherHint}</p>
      {transaction !== undefined ? (
        <Notice tone="good" title={t.closed}>
          <Transaction of={transaction} />
        </Notice>
      ) : (
        <div className="row">
          <Button onClick={() => setAsked(true)}>{t.close}</Button>
        </div>
      )}
      {isAsked && (
        <Dialog title={t.together} closing={close} onClose={() => setAsked(false)}>
          <p>{t.togetherHint}</p>
          {error !== undefined && <Problem of={error} />}
          <div className="row">
            <Button kind="danger" busy={isUnderWay} onClick={start}>
              {t.close}
            </Button>
            <Button onClick={() => setAsked(false)}>{cancel}</Button>
          </div>
        </Dialog>
      )}
    </Panel>
  );
}
