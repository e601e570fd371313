import { useState } from "react";

import type { Address } from "../../../../src/protocol";
import { AskAgain } from "../../app/AskAgain";
import { Notice } from "../../design/Notice";
import { Panel } from "../../design/Panel";
import { showAmount } from "../../format/amount";
import { useLanguage, useMessages } from "../../i18n/language";
import { AmountField, amountOf, type Draft } from "../../money/AmountField";
import { useOperator } from "../session/Operator";
import { accountsTexts } from "./messages";

interface IssueProps {
  readonly account: Address;
  readonly tokens: readonly Address[];
  readonly onIssued: () => void;
}

/** Gives an account new money. */
export function Issue({ account, tokens, onIssued }: IssueProps) {
  const t = useMessages(accountsTexts);
  const { locale } = useLanguage();
  const { operator, assets } = useOperator();
  const own = assets.filter(({ token }) => tokens.includes(token));
  const [draft, setDraft] = useState<Draft | undefined>(own[0] && { asset: own[0], text: "" });
  const [done, setDone] = useState<string>();
  if (draft === undefined) return null;
  const amount = amountOf(draft);
  const { token, decimals, symbol } = draft.asset;
  const text = amount === undefined ? "" : `${showAmount(amount, decimals, locale)} ${symbol}`;
  const issue = async (): Promise<void> => {
    await operator.issue({ account, token, amount: amount! });
    setDone(text);
    setDraft({ ...draft, text: "" });
    onIssued();
  };
  return (
    <Panel title={t.issue}>
      <AmountField assets={own} draft={draft} onChange={setDraft} hint={t.issueHint} />
      {done !== undefined && <Notice tone="good">{t.issued(done)}</Notice>}
      {amount !== undefined && (
        <div className="row">
          <AskAgain kind="plain" label={`${t.issue} ${text}`} says={t.issueHint} act={issue} />
        </div>
      )}
    </Panel>
  );
}
