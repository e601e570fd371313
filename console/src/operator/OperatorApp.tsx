import { useCallback, useState } from "react";
import { useLocation } from "wouter";

import { StarledgerError } from "../../../src/errors";
import { administrationApi } from "../../../src/sdk/administration";
import { Loading } from "../app/Loading";
import { Problem } from "../app/Problem";
import { useTitle } from "../app/useTitle";
import { SERVICE } from "../data/service";
import { useAsked } from "../data/useAsked";
import { useService } from "../data/useService";
import { useMessages } from "../i18n/language";
import { operatorTexts } from "./messages";
import { OperatorPages } from "./OperatorPages";
import { forgetKey, keepKey, keptKey } from "./session/kept";
import { OperatorProvider } from "./session/Operator";
import type { Caller } from "./session/rights";
import { SignIn } from "./session/SignIn";

interface SignedIn {
  readonly key: string;
  readonly caller: Caller;
}

/** What the operator sees and does. */
export default function OperatorApp() {
  const [key, setKey] = useState(keptKey);
  const [known, setKnown] = useState<SignedIn>();
  useTitle(useMessages(operatorTexts).title);
  const [, go] = useLocation();
  const signOut = useCallback((): void => {
    forgetKey();
    setKey(undefined);
    setKnown(undefined);
    // The next key may not see this page.
    go("/");
  }, [go]);
  if (key === undefined) {
    const enter = (entered: string, caller: Caller): void => {
      keepKey(entered);
      setKnown({ key: entered, caller });
      setKey(entered);
    };
    return <SignIn onSignedIn={enter} />;
  }
  if (known === undefined) return <Returning key={key} apiKey={key} onKnown={setKnown} onRefused={signOut} />;
  return <Inside signedIn={known} signOut={signOut} />;
}

interface ReturningProps {
  readonly apiKey: string;
  readonly onKnown: (signedIn: SignedIn) => void;
  readonly onRefused: () => void;
}

/** The tab was loaded again: whether its key still holds. */
function Returning({ apiKey, onKnown, onRefused }: ReturningProps) {
  const ask = useCallback(async () => {
    try {
      onKnown({ key: apiKey, caller: await administrationApi(SERVICE, apiKey, { tries: 2 }).caller() });
    } catch (error) {
      if (!(error instanceof StarledgerError) || error.code !== "unauthorized") throw error;
      onRefused();
    }
  }, [apiKey, onKnown, onRefused]);
  const { error, askAgain } = useAsked(ask);
  return error === undefined ? <Loading /> : <Problem of={error} onRetry={askAgain} />;
}

function Inside({ signedIn, signOut }: { readonly signedIn: SignedIn; readonly signOut: () => void }) {
  const { value: service, error, askAgain } = useService();
  if (service === undefined) return error === undefined ? <Loading /> : <Problem of={error} onRetry={askAgain} />;
  return (
    <OperatorProvider {...{ signedIn, service, signOut }}>
      <OperatorPages />
    </OperatorProvider>
  );
}
