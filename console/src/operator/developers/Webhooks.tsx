import { useCallback, useState } from "react";

import { Panel } from "../../design/Panel";
import { Tag } from "../../design/Tag";
import { Button } from "../../design/Button";
import { useMessages } from "../../i18n/language";
import { operatorTexts } from "../messages";
import { List } from "../parts/List";
import { usePages } from "../parts/usePages";
import { useOperator } from "../session/Operator";
import { MakeWebhook } from "./MakeWebhook";
import { developersTexts } from "./messages";
import { WebhookDialog } from "./WebhookDialog";

export const WEBHOOK_TONES = { enabled: "good", disabled: "neutral", failed: "bad" } as const;

/** Who is told what happens. */
export function Webhooks() {
  const t = useMessages(developersTexts);
  const { details } = useMessages(operatorTexts);
  const { admin, system, may } = useOperator();
  const { address } = system;
  const [shown, setShown] = useState<string>();
  const ask = useCallback(
    (query: { readonly cursor?: string }) => admin.webhooks({ ...query, system: address }),
    [admin, address],
  );
  const pages = usePages(ask, 5_000);
  const chosen = pages.value?.data.find(({ id }) => id === shown);
  return (
    <>
      <div>
        <h1>{t.webhooks}</h1>
        <p className="muted">{t.webhooksLead}</p>
      </div>
      <Panel title={t.webhooks}>
        <List
          label={t.webhooks}
          pages={pages}
          keyOf={({ id }) => id}
          empty={t.noWebhooks}
          columns={[
            {
              title: t.url,
              cell: ({ url, description }) => (
                <span className="breaks">
                  {url}
                  {description !== "" && <span className="small muted"> {description}</span>}
                </span>
              ),
            },
            {
              title: t.status,
              cell: ({ status, failures }) => (
                <span className="row">
                  <Tag tone={WEBHOOK_TONES[status]}>{t.statuses[status]}</Tag>
                  {failures > 0 && <span className="small muted">{t.failures(failures)}</span>}
                </span>
              ),
            },
            { title: t.position, isNumber: true, cell: ({ position }) => String(position) },
            {
              title: details,
              isNumber: true,
              cell: ({ id }) => (
                <Button kind="quiet" onClick={() => setShown(id)}>
                  {details}
                </Button>
              ),
            },
          ]}
        />
      </Panel>
      {may("makeWebhook") && <MakeWebhook onMade={pages.askAgain} />}
      {chosen !== undefined && (
        <WebhookDialog of={chosen} onChange={pages.askAgain} onClose={() => setShown(undefined)} />
      )}
    </>
  );
}
