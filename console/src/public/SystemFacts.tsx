import type { System } from "../data/service";
import { Copyable } from "../design/Copyable";
import { Facts } from "../design/Facts";
import { useMessages } from "../i18n/language";
import { serviceTexts } from "./messages";

/** Whom an account is with, as far as a signature names it. */
export function SystemFacts({ systems }: { readonly systems: readonly System[] }) {
  const t = useMessages(serviceTexts);
  return (
    <>
      {systems.map(({ address, chainId, hub }) => (
        <Facts
          key={address}
          of={[
            [t.system, <Copyable key="system" text={address} />],
            [t.chain, String(chainId)],
            [t.hub, <Copyable key="hub" text={hub} />],
          ]}
        />
      ))}
      <p className="small muted">{t.systemHint}</p>
    </>
  );
}
