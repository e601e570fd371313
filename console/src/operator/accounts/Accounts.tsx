import { useCallback } from "react";

import { Panel } from "../../design/Panel";
import { Tag } from "../../design/Tag";
import { useMessages } from "../../i18n/language";
import { AccountLink } from "../parts/AccountLink";
import { List } from "../parts/List";
import { usePages } from "../parts/usePages";
import { useOperator } from "../session/Operator";
import { Find } from "./Find";
import { accountsTexts } from "./messages";
import { OpenAccount } from "./OpenAccount";
import { TONES } from "./tones";

/** All accounts of the system, and the way to one. */
export function Accounts() {
  const t = useMessages(accountsTexts);
  const { may, caller } = useOperator();
  const own = caller.restrictions.accounts;
  return (
    <>
      <h1>{t.title}</h1>
      <div className="grid">
        <Find />
        {may("openAccount") && <OpenAccount />}
      </div>
      {may("listAccounts") && <AllAccounts />}
      {own !== null && (
        <Panel title={t.title}>
          <p className="muted">{t.confined}</p>
          <ul>
            {own.map((address) => (
              <li key={address}>
                <AccountLink of={address} />
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}

function AllAccounts() {
  const t = useMessages(accountsTexts);
  const { admin, system } = useOperator();
  const { address } = system;
  const ask = useCallback(
    (query: { readonly cursor?: string }) => admin.accounts({ ...query, system: address, pageSize: 25 }),
    [admin, address],
  );
  const pages = usePages(ask, 10_000);
  return (
    <Panel title={t.title}>
      <List
        label={t.title}
        pages={pages}
        keyOf={(account) => account.address}
        empty={t.none}
        columns={[
          { title: t.address, cell: (account) => <AccountLink of={account.address} /> },
          { title: t.custody, cell: ({ custody }) => t.custodies[custody] },
          { title: t.status, cell: ({ status }) => <Tag tone={TONES[status]}>{t.statuses[status]}</Tag> },
        ]}
      />
    </Panel>
  );
}
