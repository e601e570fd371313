import { useState } from "react";

import type { OperatorApi } from "../../../../src/sdk/operator";
import { AskAgain } from "../../app/AskAgain";
import { Hex } from "../../design/Copyable";
import { Panel } from "../../design/Panel";
import { Table } from "../../design/Table";
import { Tag } from "../../design/Tag";
import { showCount } from "../../format/number";
import { common } from "../../i18n/common";
import { useLanguage, useMessages } from "../../i18n/language";
import { useFeed } from "../live/Feed";
import { sumOf } from "../live/metricsText";
import { When } from "../parts/When";
import { useOperator } from "../session/Operator";
import { serviceSideTexts } from "./messages";

type Report = Awaited<ReturnType<OperatorApi["reconciliation"]>>[number];

/** Whether the books hold. */
export function Books() {
  const t = useMessages(serviceSideTexts);
  const { operator, system } = useOperator();
  const { metrics } = useFeed();
  const [reports, setReports] = useState<readonly Report[]>();
  const { address } = system;
  const last = metrics && sumOf(metrics, "starledger_reconciliation_timestamp_seconds", { system: address });
  const compare = async (): Promise<void> => setReports(await operator.reconciliation());
  const report = reports?.find((one) => one.system === address);
  return (
    <>
      <div className="row spread">
        <div>
          <h1>{t.books}</h1>
          <p className="muted">{t.booksLead}</p>
        </div>
        <AskAgain kind="plain" label={t.compare} says={t.compareSays} act={compare} />
      </div>
      {report === undefined ? (
        <Panel>
          <p className="muted">{t.noRun}</p>
          {last !== undefined && last > 0 && (
            <p>
              {t.last}: <When at={1_000 * last} />
            </p>
          )}
        </Panel>
      ) : (
        <Found of={report} />
      )}
    </>
  );
}

function Found({ of: { total, commit, chain, differences } }: { readonly of: Report }) {
  const t = useMessages(serviceSideTexts);
  const { account } = useMessages(common);
  const { locale } = useLanguage();
  const { assetOf } = useOperator();
  return (
    <Panel
      title={
        <Tag tone={total === 0 ? "good" : "bad"}>{total === 0 ? t.holds : t.differs(showCount(total, locale))}</Tag>
      }
      aside={
        <span className="small muted">
          {t.upTo} {showCount(commit, locale)} · {chain ? t.withChain : t.withoutChain}
        </span>
      }
    >
      <Table
        label={t.books}
        rows={differences.map((difference, index) => ({ ...difference, index }))}
        keyOf={({ index }) => String(index)}
        empty={t.nothing}
        columns={[
          {
            title: t.kind,
            cell: ({ kind, token }) => `${kind}${token === null ? "" : ` (${assetOf(token)?.symbol ?? token})`}`,
          },
          {
            title: account,
            cell: (one) => (one.channel ?? one.account) && <Hex of={(one.channel ?? one.account)!} />,
          },
          { title: t.field, cell: ({ field }) => field ?? "" },
          { title: t.got, isNumber: true, cell: ({ got }) => got },
          { title: t.want, isNumber: true, cell: ({ want }) => want },
        ]}
      />
    </Panel>
  );
}
