import { useCallback } from "react";
import { Link } from "wouter";

import { toAddress, type Address } from "../../../../src/protocol";
import { AskAgain } from "../../app/AskAgain";
import { Loading } from "../../app/Loading";
import { Problem } from "../../app/Problem";
import { isAddress } from "../../data/address";
import { useAsked } from "../../data/useAsked";
import { Copyable } from "../../design/Copyable";
import { Facts } from "../../design/Facts";
import { Panel } from "../../design/Panel";
import { Tag } from "../../design/Tag";
import { useMessages } from "../../i18n/language";
import { useOperator } from "../session/Operator";
import { Balances } from "./Balances";
import { History } from "./History";
import { Issue } from "./Issue";
import { accountsTexts } from "./messages";
import { Name } from "./Name";
import { Statement } from "./Statement";
import { Terms } from "./Terms";
import { TONES } from "./tones";

/** One account: what it has, what happened to it, and what the operator can do about it. */
export function Account({ address: text }: { readonly address: string }) {
  const t = useMessages(accountsTexts);
  return (
    <>
      <Link href="/accounts">← {t.back}</Link>
      {isAddress(text) ? <Found address={toAddress(text)} /> : <p className="muted">{t.notFound}</p>}
    </>
  );
}

function Found({ address }: { readonly address: Address }) {
  const t = useMessages(accountsTexts);
  const { operator, admin, may } = useOperator();
  const ask = useCallback(async () => {
    const [account, balances, name] = await Promise.all([
      operator.account(address),
      operator.balances(address),
      admin.aliasOf(address).then(
        ({ alias }) => alias,
        () => undefined,
      ),
    ]);
    return { account, balances: balances.balances, name };
  }, [operator, admin, address]);
  const { value, error, askAgain } = useAsked(ask, 5_000);
  if (value === undefined) return error === undefined ? <Loading /> : <Problem of={error} onRetry={askAgain} />;
  const { account, balances, name } = value;
  const { status, custody } = account;
  const isFrozen = status === "frozen";
  const setStatus = async (): Promise<void> => {
    await operator.setAccountStatus(address, isFrozen ? "open" : "frozen");
    askAgain();
  };
  return (
    <>
      <div className="row spread">
        <div className="row">
          <h1>
            <code>{`${address.slice(0, 10)}…${address.slice(-6)}`}</code>
          </h1>
          <Tag tone={TONES[status]}>{t.statuses[status]}</Tag>
        </div>
        {may("setStatus") && status !== "closed" && (
          <AskAgain
            label={isFrozen ? t.unfreeze : t.freeze}
            says={isFrozen ? t.unfreezeSays : t.freezeSays}
            kind={isFrozen ? "plain" : "danger"}
            act={setStatus}
          />
        )}
      </div>
      {error !== undefined && <Problem of={error} />}
      <Balances of={balances} onChanged={askAgain} />
      <div className="grid">
        <Panel title={t.address}>
          <Facts
            of={[
              [t.address, <Copyable key="address" text={address} />],
              [t.name, name ?? <span className="muted">{t.noName}</span>],
              [t.custody, t.custodies[custody]],
            ]}
          />
        </Panel>
        {may("issue") && status !== "closed" && balances.length > 0 && (
          <Issue account={address} tokens={balances.map(({ token }) => token)} onIssued={askAgain} />
        )}
      </div>
      {may("giveName") && status !== "closed" && <Name account={address} name={name} onChanged={askAgain} />}
      {may("seeTerms") && status !== "closed" && balances.length > 0 && <Terms account={address} />}
      {may("readStatement") && balances.length > 0 && (
        <Statement account={address} tokens={balances.map(({ token }) => token)} />
      )}
      {may("seeEvents") && <History account={address} />}
    </>
  );
}
