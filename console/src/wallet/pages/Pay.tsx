import { useState } from "react";
import { useSearch } from "wouter";

import { ChooseTarget } from "../pay/ChooseTarget";
import { PayDirectly } from "../pay/PayDirectly";
import { PayInvoice } from "../pay/PayInvoice";
import type { Target } from "../pay/target";

/** Paying: whom, what it says and costs, and what became of it. */
export function Pay() {
  const linked = new URLSearchParams(useSearch()).get("to") ?? "";
  const [target, setTarget] = useState<Target>();
  const back = (): void => setTarget(undefined);
  if (target === undefined) return <ChooseTarget linked={linked} onChosen={setTarget} />;
  return target.kind === "invoice" ? (
    <PayInvoice of={target} onBack={back} />
  ) : (
    <PayDirectly of={target} onBack={back} />
  );
}
