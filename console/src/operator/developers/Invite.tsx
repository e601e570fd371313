import { useState } from "react";

import { Problem } from "../../app/Problem";
import { useAct } from "../../data/useAct";
import { Button } from "../../design/Button";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { invitationLink } from "../../wallet/session/invitation";
import { useOperator } from "../session/Operator";
import { developersTexts } from "./messages";
import { ShownOnce } from "./ShownOnce";

/** Lets whoever has a link open accounts. */
export function Invite({ onMade }: { readonly onMade: () => void }) {
  const t = useMessages(developersTexts);
  const { admin } = useOperator();
  const [link, setLink] = useState<string>();
  const { start, isUnderWay, error } = useAct(async () => {
    const restrictions = { calls: ["POST /v1/accounts"] };
    const { key } = await admin.makeApiKey({ name: t.invitation, scopes: ["accounts:write"], restrictions });
    setLink(invitationLink(key));
    onMade();
  });
  return (
    <Panel title={t.invitation}>
      <p className="muted">{t.inviteHint}</p>
      {link !== undefined && <ShownOnce title={t.inviteLink} hint={t.inviteHint} text={link} />}
      {error !== undefined && <Problem of={error} />}
      <div className="row">
        <Button busy={isUnderWay} onClick={() => start()}>
          {t.invite}
        </Button>
      </div>
    </Panel>
  );
}
