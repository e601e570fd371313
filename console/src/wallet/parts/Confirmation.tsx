import { Checks } from "../../design/Checks";
import { Progress } from "../../design/Progress";
import { showCount } from "../../format/number";
import { useLanguage, useMessages } from "../../i18n/language";
import type { Deposited } from "./activity";
import { activityTexts } from "./messages";

/** How far a deposit is from being there for good. */
export function Confirmation({ of: { block, final, isFinal } }: { readonly of: Deposited }) {
  const t = useMessages(activityTexts);
  const { locale } = useLanguage();
  const left = t.left(showCount(final, locale), showCount(block - final, locale));
  return (
    <>
      <div aria-live="polite">
        <Progress
          steps={[
            { title: t.mined(showCount(block, locale)), state: "done" },
            { title: t.counted, state: isFinal ? "done" : "now", ...(!isFinal && { detail: left }) },
          ]}
        />
      </div>
      <Checks title={t.checks.title} of={[t.checks.log]} />
    </>
  );
}
