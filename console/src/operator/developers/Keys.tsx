import { useCallback } from "react";

import type { AdministrationApi } from "../../../../src/sdk/administration";
import { AskAgain } from "../../app/AskAgain";
import { useNow } from "../../data/useNow";
import { Panel } from "../../design/Panel";
import { Tag } from "../../design/Tag";
import { useMessages } from "../../i18n/language";
import { List } from "../parts/List";
import { usePages } from "../parts/usePages";
import { When } from "../parts/When";
import { useOperator } from "../session/Operator";
import { Invite } from "./Invite";
import { MakeKey } from "./MakeKey";
import { developersTexts } from "./messages";

type ApiKey = Awaited<ReturnType<AdministrationApi["revokeApiKey"]>>;

/** The keys that programs call with. */
export function Keys() {
  const t = useMessages(developersTexts);
  const { admin, may } = useOperator();
  const ask = useCallback((query: { readonly cursor?: string }) => admin.apiKeys(query), [admin]);
  const pages = usePages(ask);
  const revoke = (id: string) => async (): Promise<void> => {
    await admin.revokeApiKey(id);
    pages.askAgain();
  };
  return (
    <>
      <div>
        <h1>{t.keys}</h1>
        <p className="muted">{t.keysLead}</p>
      </div>
      <Panel title={t.keys}>
        <List
          label={t.keys}
          pages={pages}
          keyOf={({ id }) => id}
          empty={t.noKeys}
          columns={[
            { title: t.name, cell: ({ name }) => <strong>{name}</strong> },
            { title: t.scopes, cell: ({ scopes }) => <span className="small">{scopes.join(", ")}</span> },
            { title: t.created, cell: ({ created }) => <When at={created} /> },
            { title: t.expires, cell: ({ expires }) => (expires === null ? t.never : <When at={expires} />) },
            { title: t.status, cell: (key) => <State of={key} /> },
            {
              title: t.revoke,
              isNumber: true,
              cell: ({ id, revoked }) =>
                may("revokeKey") && revoked === null ? (
                  <AskAgain kind="quiet" label={t.revoke} says={t.revokeSays} act={revoke(id)} />
                ) : (
                  ""
                ),
            },
          ]}
        />
      </Panel>
      {may("makeKey") && (
        <div className="grid">
          <MakeKey onMade={pages.askAgain} />
          {may("openAccount") && <Invite onMade={pages.askAgain} />}
        </div>
      )}
    </>
  );
}

function State({ of: { revoked, expires } }: { readonly of: ApiKey }) {
  const t = useMessages(developersTexts);
  const now = useNow();
  if (revoked !== null) return <Tag tone="bad">{t.revoked}</Tag>;
  if (expires !== null && Date.parse(expires) <= now) return <Tag>{t.expired}</Tag>;
  return <Tag tone="good">{t.valid}</Tag>;
}
