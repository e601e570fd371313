import { useCallback } from "react";

import type { Address } from "../../../../src/protocol";
import type { AdministrationApi } from "../../../../src/sdk/administration";
import { AskAgain } from "../../app/AskAgain";
import { Loading } from "../../app/Loading";
import { Problem } from "../../app/Problem";
import { useAsked } from "../../data/useAsked";
import { Facts } from "../../design/Facts";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { LimitForm, type Limits } from "../assets/LimitForm";
import { useOperator } from "../session/Operator";
import { accountsTexts } from "./messages";

type Of = Awaited<ReturnType<AdministrationApi["accountTerms"]>>["terms"][number];

/** What holds for one account alone: whether it pays fees, and how much it may pay and have. */
export function Terms({ account }: { readonly account: Address }) {
  const { admin } = useOperator();
  const ask = useCallback(() => admin.accountTerms(account), [admin, account]);
  const { value, error, askAgain } = useAsked(ask);
  if (value === undefined) return error === undefined ? <Loading /> : <Problem of={error} onRetry={askAgain} />;
  return (
    <div className="grid">
      {value.terms.map((of) => (
        <TermsIn key={`${of.token}${String(of.own === null)}`} {...{ account, of }} onChanged={askAgain} />
      ))}
    </div>
  );
}

interface TermsInProps {
  readonly account: Address;
  readonly of: Of;
  readonly onChanged: () => void;
}

function TermsIn({ account, of: { token, decimals, feesWaived, limits, own }, onChanged }: TermsInProps) {
  const t = useMessages(accountsTexts);
  const { admin, assetOf, may } = useOperator();
  const limit = async (set: Limits | null): Promise<void> => {
    await admin.limitAccount(account, { token, limits: set });
    onChanged();
  };
  const waive = async (): Promise<void> => {
    await admin.waiveFees(account, { token, waived: !feesWaived });
    onChanged();
  };
  return (
    <Panel
      title={t.terms(assetOf(token)?.symbol ?? token)}
      aside={
        may("waiveFees") && (
          <AskAgain
            label={feesWaived ? t.charge : t.waive}
            says={feesWaived ? t.chargeSays : t.waiveSays}
            kind="plain"
            act={waive}
          />
        )
      }
    >
      <Facts
        of={[
          [t.fees, feesWaived ? t.waived : t.charged],
          [t.limits, own === null ? t.limitsOfAsset : t.ownLimits],
        ]}
      />
      <LimitForm decimals={decimals} of={limits} says={t.limitSays} {...(may("limitAccount") && { set: limit })} />
      {own !== null && may("limitAccount") && (
        <div className="row">
          <AskAgain label={t.unlimit} says={t.unlimitSays} kind="quiet" act={() => limit(null)} />
        </div>
      )}
    </Panel>
  );
}
