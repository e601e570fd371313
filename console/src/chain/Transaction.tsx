import { use } from "react";

import { Copyable, Hex } from "../design/Copyable";
import { common } from "../i18n/common";
import { useMessages } from "../i18n/language";
import { Explorer } from "./explorer";
import "./transaction.css";

interface TransactionProps {
  readonly of: string;
  /** Its ends alone. */
  readonly short?: boolean;
}

/** A transaction of the chain, and where a block explorer shows it. */
export function Transaction({ of, short = false }: TransactionProps) {
  const t = useMessages(common);
  const explorer = use(Explorer);
  return (
    <span className="transaction">
      {short ? <Hex of={of} /> : <Copyable text={of} />}
      {explorer !== null && (
        <a href={explorer.replace("{transaction}", of)} target="_blank" rel="noreferrer" title={t.explorer}>
          <span aria-hidden="true">↗</span>
          <span className="unseen">{t.explorer}</span>
        </a>
      )}
    </span>
  );
}
