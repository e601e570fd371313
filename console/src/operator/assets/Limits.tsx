import { useCallback } from "react";

import { Loading } from "../../app/Loading";
import { Problem } from "../../app/Problem";
import type { NamedAsset } from "../../data/chain";
import { useAsked } from "../../data/useAsked";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { useOperator } from "../session/Operator";
import { LimitForm, type Limits as Terms } from "./LimitForm";
import { assetsTexts } from "./messages";

/** How much accounts may pay and have. */
export function Limits({ asset }: { readonly asset: NamedAsset }) {
  const t = useMessages(assetsTexts);
  const { admin, system, may } = useOperator();
  const { address } = system;
  const { token, decimals } = asset;
  const ask = useCallback(() => admin.limits(address, token), [admin, address, token]);
  const { value, error, askAgain } = useAsked(ask);
  const set = (limits: Terms): Promise<void> => admin.setLimits(address, token, limits);
  return (
    <Panel title={t.limits}>
      <p className="muted">{t.limitsHint}</p>
      {error !== undefined && <Problem of={error} onRetry={askAgain} />}
      {value === undefined && error === undefined && <Loading />}
      {value !== undefined && (
        <LimitForm decimals={decimals} of={value.limits} says={t.setLimitsSays} {...(may("setLimits") && { set })} />
      )}
    </Panel>
  );
}
