import { useState } from "react";

import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Notice } from "../../design/Notice";
import { common } from "../../i18n/common";
import { useMessages } from "../../i18n/language";
import { useSession } from "../session/Session";
import type { Vault } from "../session/vault";
import { setupTexts } from "./messages";

/** Makes room for another key, after asking. */
export function Forget({ vault }: { readonly vault: Vault }) {
  const t = useMessages(setupTexts);
  const { close, cancel } = useMessages(common);
  const { forget } = useSession();
  const [isAsked, setAsked] = useState(false);
  return (
    <div className="row">
      <Button kind="quiet" onClick={() => (vault.kind === "own" ? setAsked(true) : void forget())}>
        {t.other}
      </Button>
      {isAsked && (
        <Dialog title={t.forget} closing={close} onClose={() => setAsked(false)}>
          <Notice tone="warn">{t.otherHint}</Notice>
          <div className="row">
            <Button kind="danger" onClick={() => void forget()}>
              {t.forget}
            </Button>
            <Button onClick={() => setAsked(false)}>{cancel}</Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
