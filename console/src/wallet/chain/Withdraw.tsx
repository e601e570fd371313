import { useState } from "react";

import { ActForm } from "../../app/ActForm";
import { isAddress } from "../../data/address";
import type { Address } from "../../../../src/protocol";
import type { SignedWithdrawal } from "../../../../src/sdk/browser";
import { useAct } from "../../data/useAct";
import { Field } from "../../design/Field";
import { Notice } from "../../design/Notice";
import { Panel } from "../../design/Panel";
import type { NamedAsset } from "../../data/chain";
import { showAmount } from "../../format/amount";
import { useLanguage, useMessages } from "../../i18n/language";
import { AmountField, amountOf, type Draft } from "../../money/AmountField";
import { payTexts } from "../pay/messages";
import { useAccount } from "../session/Account";
import { FollowWithdrawal } from "./FollowWithdrawal";
import { chainTexts } from "./messages";

/** Moves money out of a channel to an account on the chain. */
export function Withdraw() {
  const t = useMessages(chainTexts);
  const { available } = useMessages(payTexts);
  const { locale } = useLanguage();
  const { client, holdings } = useAccount();
  const assets = holdings.map(({ asset }) => asset);
  const [draft, setDraft] = useState<Draft>({ asset: assets[0]!, text: "" });
  const [to, setTo] = useState<string>(client.account);
  const [signed, setSigned] = useState<{ readonly asset: NamedAsset; readonly withdrawal: SignedWithdrawal }>();
  const { asset } = draft;
  const amount = amountOf(draft);
  const balance = holdings.find((one) => one.asset.token === asset.token)?.balance;
  const isTo = isAddress(to);
  const { start, isUnderWay, error } = useAct(async () => {
    const recipient = to.trim().toLowerCase() as Address;
    setSigned({ asset, withdrawal: await client.withdraw({ token: asset.token, amount: amount!, recipient }) });
  });
  return (
    <Panel title={t.withdraw}>
      <p className="muted">{t.withdrawHint}</p>
      {signed !== undefined ? (
        <FollowWithdrawal of={signed} onAnother={() => setSigned(undefined)} />
      ) : (
        <ActForm onSubmit={start} {...{ isUnderWay, error }} label={t.take} disabled={amount === undefined || !isTo}>
          <AmountField
            assets={assets}
            draft={draft}
            onChange={setDraft}
            hint={balance && available(`${showAmount(balance.available, asset.decimals, locale)} ${asset.symbol}`)}
          />
          <Field
            label={t.to}
            hint={t.toHint}
            wrong={isTo ? undefined : t.badAddress}
            value={to}
            onChange={({ target }) => setTo(target.value)}
          />
          {balance !== undefined && balance.withdrawing > 0n && <Notice>{t.pending}</Notice>}
        </ActForm>
      )}
    </Panel>
  );
}
