import { useCallback } from "react";

import type { OperatorApi } from "../../../../src/sdk/operator";
import { Loading } from "../../app/Loading";
import { Problem } from "../../app/Problem";
import { useAsked } from "../../data/useAsked";
import { Panel } from "../../design/Panel";
import { Table } from "../../design/Table";
import { Tag } from "../../design/Tag";
import { useMessages } from "../../i18n/language";
import { operatorTexts } from "../messages";
import { useOperator } from "../session/Operator";
import { settingsTexts } from "./settingsMessages";

type Setting = Awaited<ReturnType<OperatorApi["settings"]>>[number];

/** What the service runs with: what was set first, then what is as it is by default. */
export function Settings() {
  const t = useMessages(settingsTexts);
  const { pages } = useMessages(operatorTexts);
  const { operator } = useOperator();
  const ask = useCallback(() => operator.settings(), [operator]);
  const { value, error, askAgain } = useAsked(ask);
  if (value === undefined) return error === undefined ? <Loading /> : <Problem of={error} onRetry={askAgain} />;
  const isSet = ({ source }: Setting): boolean => source === "environment" || source === "file";
  return (
    <>
      <div>
        <h1>{pages.settings}</h1>
        <p className="muted">{t.lead}</p>
      </div>
      <SettingTable title={t.set} of={value.filter(isSet)} empty={t.noneSet} />
      <SettingTable title={t.others} of={value.filter((one) => !isSet(one))} empty={t.allSet} />
    </>
  );
}

function SettingTable({
  title,
  of,
  empty,
}: {
  readonly title: string;
  readonly of: readonly Setting[];
  readonly empty: string;
}) {
  const t = useMessages(settingsTexts);
  return (
    <Panel title={title}>
      <Table
        label={title}
        rows={of}
        keyOf={({ name }) => name}
        empty={empty}
        columns={[
          { title: t.name, cell: ({ name }) => <code className="breaks">{name}</code> },
          { title: t.value, cell: (setting) => <Value of={setting} /> },
          { title: t.source, cell: ({ source }) => (source === null ? "–" : t.sources[source]) },
          { title: t.meaning, cell: ({ description }) => <span className="small breaks">{description}</span> },
        ]}
      />
    </Panel>
  );
}

function Value({ of: { value, source, isSecret } }: { readonly of: Setting }) {
  const t = useMessages(settingsTexts);
  if (isSecret) return <Tag>{source === null ? t.notSet : t.secret}</Tag>;
  return value === null ? <span className="muted">{t.notSet}</span> : <code className="breaks">{value}</code>;
}
