import { useCallback } from "react";

import { Loading } from "../../app/Loading";
import { Problem } from "../../app/Problem";
import { useAsked } from "../../data/useAsked";
import { Copyable } from "../../design/Copyable";
import { Facts } from "../../design/Facts";
import { Panel } from "../../design/Panel";
import { showCount } from "../../format/number";
import { showSpan } from "../../format/time";
import { useLanguage, useMessages } from "../../i18n/language";
import type { Progress } from "../live/health";
import { When } from "../parts/When";
import { useOperator } from "../session/Operator";
import { serviceSideTexts } from "./messages";
import { Senders } from "./Senders";

/** How far the process has come, and what it runs with. */
export function Status() {
  const t = useMessages(serviceSideTexts);
  const { locale } = useLanguage();
  const { operator, system, node, caller } = useOperator();
  const ask = useCallback(() => operator.progress(), [operator]);
  const { value, error, askAgain } = useAsked(ask, 3_000);
  if (value === undefined) return error === undefined ? <Loading /> : <Problem of={error} onRetry={askAgain} />;
  const progress = value.systems.find(({ address }) => address === system.address);
  const { chain } = progress ?? {};
  return (
    <>
      <div>
        <h1>{t.status}</h1>
        <p className="muted">{t.statusLead}</p>
      </div>
      {error !== undefined && <Problem of={error} />}
      <div className="grid">
        <Panel title={t.system}>
          <Facts
            of={[
              [t.system, <Copyable key="system" text={system.address} />],
              [t.signer, <Copyable key="signer" text={system.signer} />],
              [t.router, <Copyable key="router" text={system.router} />],
              [t.chainId, String(system.chainId)],
              [t.hub, <Copyable key="hub" text={system.hub} />],
              [t.nodes, node === undefined ? t.noNode : "✓"],
            ]}
          />
        </Panel>
        <Panel
          title={t.status}
          aside={<span className="small muted">{`${t.uptime} ${showSpan(value.uptimeSeconds, locale)}`}</span>}
        >
          {progress !== undefined && <Led of={progress} />}
        </Panel>
        <Panel title={t.you}>
          <Facts
            of={[
              [t.mayDo, rightsIn(caller.scopes)],
              [t.expires, caller.expires === null ? t.never : <When key="expires" at={caller.expires} />],
            ]}
          />
          <p className="small muted">{t.docs}</p>
        </Panel>
      </div>
      {chain && <Senders of={chain.senders} />}
    </>
  );
}

/** Each resource with what may be done to it. */
function rightsIn(scopes: readonly string[]): string {
  const rights = new Map<string, string[]>();
  for (const [resource, right] of scopes.map((scope) => scope.split(":"))) {
    rights.set(resource!, [...(rights.get(resource!) ?? []), right!]);
  }
  return [...rights].map(([resource, all]) => `${resource} (${all.join(", ")})`).join("; ");
}

function Led({ of }: { readonly of: Progress }) {
  const t = useMessages(serviceSideTexts);
  const { locale } = useLanguage();
  const { leads, leader, term, lastCommit, accounts, waiting, queueLimit, chain } = of;
  const count = (number: number | bigint) => showCount(number, locale);
  return (
    <Facts
      of={[
        [t.leader, leads ? t.here : (leader ?? t.nobody)],
        [t.term, count(term)],
        [t.commit, count(lastCommit)],
        [t.accounts, count(accounts)],
        [t.queue, waiting === null || queueLimit === null ? "–" : `${count(waiting)} / ${count(queueLimit)}`],
        [t.head, chain?.head == null ? "–" : count(chain.head)],
        [t.final, chain === null ? "–" : count(chain.final)],
        [t.dropped, chain === null ? "–" : count(chain.dropped)],
      ]}
    />
  );
}
