import { useMemo } from "react";

import { checkInvoice, decodeInvoice, domainSeparator, type SignedInvoice } from "../../../src/protocol";
import { Loading } from "../app/Loading";
import { Problem } from "../app/Problem";
import { useTitle } from "../app/useTitle";
import { useService, type Service } from "../data/useService";
import { useMessages } from "../i18n/language";
import { payPageTexts } from "./messages";
import { InvoiceToPay } from "./InvoiceToPay";

/** An invoice that anybody with an account here can pay: what a shop links to. */
export default function PayPage({ text }: { readonly text: string }) {
  const t = useMessages(payPageTexts);
  useTitle(t.title);
  const { value: service, error, askAgain } = useService();
  const read = useMemo(() => attempt(() => decodeInvoice(text)), [text]);
  if (service === undefined) return error === undefined ? <Loading /> : <Problem of={error} onRetry={askAgain} />;
  if ("problem" in read) return <Problem of={read.problem} />;
  const signed = read.value;
  const asset = service.assets.find(({ token }) => token === signed.invoice.token);
  const checked = attempt(() => check(signed, service));
  return (
    <div className="stack narrow">
      <div>
        <h1>{t.title}</h1>
        <p className="muted">{t.lead(location.host)}</p>
      </div>
      {asset === undefined || "problem" in checked ? (
        <Problem of={"problem" in checked ? checked.problem : t.foreign} />
      ) : (
        <InvoiceToPay {...{ text, asset }} invoice={signed.invoice} />
      )}
    </div>
  );
}

/** @throws invalid_signature, wrong_signer, if no system here is what the payee signed it for */
function check(signed: SignedInvoice, { systems }: Service): void {
  const failures = systems.map((domain) =>
    attempt(() => checkInvoice(domainSeparator(domain), signed, signed.invoice.token)),
  );
  const [first] = failures;
  if (first !== undefined && "problem" in first && failures.every((one) => "problem" in one)) throw first.problem;
}

function attempt<T>(act: () => T): { readonly value: T } | { readonly problem: unknown } {
  try {
    return { value: act() };
  } catch (problem) {
    return { problem };
  }
}
