import { useCallback, useState } from "react";

import { ZERO_ADDRESS } from "../../../../src/protocol";
import { ActForm } from "../../app/ActForm";
import { useAct } from "../../data/useAct";
import { useAsked } from "../../data/useAsked";
import { Button } from "../../design/Button";
import { Money } from "../../design/Money";
import { Notice } from "../../design/Notice";
import { Panel } from "../../design/Panel";
import { Progress } from "../../design/Progress";
import { showAmount } from "../../format/amount";
import { useLanguage, useMessages } from "../../i18n/language";
import { AmountField, amountOf, type Draft } from "../../money/AmountField";
import { useAccount } from "../session/Account";
import { chainTexts } from "./messages";
import { useFunds } from "./useFunds";

const ETHER = { decimals: 18, symbol: "ETH" };

/** Moves tokens of the account on the chain into its channel. */
export function Deposit() {
  const t = useMessages(chainTexts);
  const { locale } = useLanguage();
  const { client, hub, holdings } = useAccount();
  const assets = holdings.map(({ asset }) => asset);
  const [draft, setDraft] = useState<Draft>({ asset: assets[0]!, text: "" });
  /** What will have been deposited in all, once it counts. */
  const [goal, setGoal] = useState<bigint>();
  const { asset } = draft;
  const amount = amountOf(draft);
  const funds = useFunds(asset);
  const read = useCallback(
    () => Promise.all([hub.held(asset.token, client.account), hub.held(ZERO_ADDRESS, client.account)]),
    [hub, asset.token, client],
  );
  const { value: [held, gas] = [], askAgain } = useAsked(read);
  const { start, isUnderWay, error } = useAct(async () => {
    const before = funds!.latest.deposited;
    await client.deposit({ token: asset.token, amount: amount! });
    setGoal(before + amount!);
    askAgain();
  });
  const isFinal = goal !== undefined && funds !== undefined && funds.final.deposited >= goal;
  return (
    <Panel title={t.deposit}>
      <p className="muted">{t.depositHint}</p>
      {goal !== undefined ? (
        <>
          <div aria-live="polite">
            <Progress
              steps={[
                { title: t.sent, state: "done" },
                { title: t.counted, state: isFinal ? "done" : "now" },
              ]}
            />
          </div>
          <div className="row">
            <Button onClick={() => setGoal(undefined)}>{t.another}</Button>
          </div>
        </>
      ) : (
        <ActForm
          onSubmit={start}
          {...{ isUnderWay, error }}
          label={t.put}
          disabled={amount === undefined || gas === 0n || funds === undefined}
        >
          <AmountField
            assets={assets}
            draft={draft}
            onChange={setDraft}
            hint={held !== undefined && t.onChain(`${showAmount(held, asset.decimals, locale)} ${asset.symbol}`)}
          />
          {gas === 0n ? (
            <Notice tone="warn">{t.noGas}</Notice>
          ) : (
            gas !== undefined && (
              <p className="small muted">
                {t.gas}: <Money amount={gas} of={ETHER} short />
              </p>
            )
          )}
        </ActForm>
      )}
    </Panel>
  );
}
