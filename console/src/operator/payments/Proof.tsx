import { useCallback } from "react";

import { Loading } from "../../app/Loading";
import { Problem } from "../../app/Problem";
import { useAsked } from "../../data/useAsked";
import { Checks } from "../../design/Checks";
import { Copyable } from "../../design/Copyable";
import { Facts } from "../../design/Facts";
import { useMessages } from "../../i18n/language";
import { useOperator } from "../session/Operator";
import { checkReceipt } from "./checkReceipt";
import { paymentsTexts } from "./messages";
import type { Paid } from "./record";

/** What proves a payment, checked as it is looked at. */
export function Proof({ of: { channel, version, includes } }: { readonly of: NonNullable<Paid["proof"]> }) {
  const t = useMessages(paymentsTexts);
  const { admin, system, node } = useOperator();
  const check = useCallback(
    () => checkReceipt(admin, system, node, { channel, version, includes }),
    [admin, system, node, channel, version, includes],
  );
  const { value, error } = useAsked(check);
  if (error !== undefined) return <Problem of={error} />;
  if (value === undefined) return <Loading />;
  const { batch, signer, byChain } = value;
  const { checks } = t;
  return (
    <>
      <Checks
        title={t.checked}
        of={[
          checks.user(String(value.version)),
          batch === undefined ? checks.alone : checks.proof(batch.proof.length),
          byChain ? checks.chain : checks.named,
          checks.memo,
        ]}
      />
      <Facts
        of={[
          [t.signer, <Copyable key="signer" text={signer} />],
          ...(batch === undefined
            ? []
            : ([
                [t.root, <Copyable key="root" text={batch.root} />],
                [
                  t.path,
                  <ol key="path">
                    {batch.proof.map((hash) => (
                      <li key={hash}>
                        <Copyable text={hash} />
                      </li>
                    ))}
                  </ol>,
                ],
              ] as const)),
        ]}
      />
    </>
  );
}
