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
import { developersTexts } from "../developers/messages";
import type { Progress } from "../live/health";
import { When } from "../parts/When";
import { useOperator } from "../session/Operator";
import type { Caller } from "../session/rights";
import { serviceSideTexts } from "./messages";
import { Senders } from "./Senders";

type Scope = Caller["scopes"][number];

/** How far the process has come, and what it runs with. */
export function Status() {
  const t = useMessages(serviceSideTexts);
  const texts = useMessages(developersTexts);
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
              [t.mayDo, rightsIn(caller.scopes, texts)],
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
function rightsIn(scopes: readonly Scope[], { resources, read, write }: (typeof developersTexts)["en"]): string {
  const rights = new Map<string, string[]>();
  for (const scope of scopes) {
    const [resource, right] = scope.split(":") as [keyof typeof resources, "read" | "write"];
    const name = resources[resource];
    rights.set(name, [...(rights.get(name) ?? []), right === "read" ? read : write]);
  }
  return [...rights].map(([name, all]) => `${name} (${all.join(", ")})`).join("; ");
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
