import { useCallback, useState } from "react";

import type { AdministrationApi } from "../../../../src/sdk/administration";
import { ActForm } from "../../app/ActForm";
import { ActButton } from "../../app/ActButton";
import { AskAgain } from "../../app/AskAgain";
import { useAct } from "../../data/useAct";
import { Dialog } from "../../design/Dialog";
import { Field } from "../../design/Field";
import { Tag } from "../../design/Tag";
import { showMilliseconds } from "../../format/number";
import { common } from "../../i18n/common";
import { useLanguage, useMessages } from "../../i18n/language";
import { List } from "../parts/List";
import { usePages } from "../parts/usePages";
import { When } from "../parts/When";
import { useOperator } from "../session/Operator";
import { developersTexts } from "./messages";

type Webhook = Awaited<ReturnType<AdministrationApi["changeWebhook"]>>;

interface WebhookDialogProps {
  readonly of: Webhook;
  readonly onChange: () => void;
  readonly onClose: () => void;
}

/** One webhook: what was delivered to it, once more if need be, and whether it is told at all. */
export function WebhookDialog({ of: { id, url, status }, onChange, onClose }: WebhookDialogProps) {
  const t = useMessages(developersTexts);
  const { close, time } = useMessages(common);
  const { locale } = useLanguage();
  const { admin, may } = useOperator();
  const ask = useCallback(
    (query: { readonly cursor?: string }) => admin.deliveries(id, { ...query, pageSize: 10 }),
    [admin, id],
  );
  const pages = usePages(ask, 3_000);
  const told = async (sending: Promise<unknown>): Promise<void> => {
    await sending;
    pages.askAgain();
  };
  const isEnabled = status === "enabled";
  const setStatus = async (): Promise<void> => {
    await admin.changeWebhook(id, { status: isEnabled ? "disabled" : "enabled" });
    onChange();
  };
  const remove = async (): Promise<void> => {
    await admin.removeWebhook(id);
    onChange();
    onClose();
  };
  return (
    <Dialog title={url} closing={close} onClose={onClose}>
      <div className="row">
        {may("ping") && <ActButton label={t.ping} act={() => told(admin.ping(id))} />}
        {may("changeWebhook") && (
          <AskAgain
            kind={isEnabled ? "danger" : "plain"}
            label={isEnabled ? t.disable : t.enable}
            says={isEnabled ? t.disableSays : t.enableSays}
            act={setStatus}
          />
        )}
        {may("removeWebhook") && <AskAgain label={t.remove} says={t.removeSays} act={remove} />}
      </div>
      {may("redeliver") && <Redeliver webhook={id} onSent={pages.askAgain} />}
      <h3>{t.deliveries}</h3>
      <List
        label={t.deliveries}
        pages={pages}
        keyOf={(delivery) => delivery.id}
        empty={t.noDeliveries}
        columns={[
          { title: t.number, cell: ({ event }) => (event === null ? "–" : String(event)) },
          { title: time, cell: (delivery) => <When at={delivery.time} /> },
          {
            title: t.answer,
            cell: ({ taken, status: answered, response }) => (
              <span title={response}>
                <Tag tone={taken ? "good" : "bad"}>{taken ? t.taken : t.notTaken}</Tag> {answered ?? ""}
              </span>
            ),
          },
          { title: t.took, isNumber: true, cell: ({ milliseconds }) => showMilliseconds(milliseconds, locale) },
          ...(may("redeliver")
            ? [
                {
                  title: t.redeliver,
                  isNumber: true,
                  cell: ({ event }: { readonly event: bigint | null }) =>
                    event !== null && (
                      <ActButton kind="quiet" label={t.redeliver} act={() => told(admin.redeliver(id, event))} />
                    ),
                },
              ]
            : []),
        ]}
      />
    </Dialog>
  );
}

interface SendingProps {
  readonly webhook: string;
  readonly onSent: () => void;
}

function Redeliver({ webhook, onSent }: SendingProps) {
  const t = useMessages(developersTexts);
  const { admin } = useOperator();
  const [text, setText] = useState("");
  const { start, isUnderWay, error } = useAct(async () => {
    await admin.redeliver(webhook, BigInt(text));
    onSent();
  });
  return (
    <ActForm onSubmit={start} {...{ isUnderWay, error }} label={t.redeliver} disabled={text === ""}>
      <Field
        label={t.redeliverEvent}
        inputMode="numeric"
        value={text}
        onChange={({ target }) => setText(target.value.replace(/\D/g, ""))}
      />
    </ActForm>
  );
}
