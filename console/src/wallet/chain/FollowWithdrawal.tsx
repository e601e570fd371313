import type { SignedWithdrawal } from "../../../../src/sdk/browser";
import { Problem } from "../../app/Problem";
import type { NamedAsset } from "../../data/chain";
import { useAct } from "../../data/useAct";
import { Button } from "../../design/Button";
import { Progress } from "../../design/Progress";
import { useMessages } from "../../i18n/language";
import { useAccount } from "../session/Account";
import { chainTexts } from "./messages";
import { useFunds } from "./useFunds";

interface FollowWithdrawalProps {
  readonly of: { readonly asset: NamedAsset; readonly withdrawal: SignedWithdrawal };
  readonly onAnother: () => void;
}

/** A signed withdrawal until the account's own node shows it as final. */
export function FollowWithdrawal({ of: { asset, withdrawal }, onAnother }: FollowWithdrawalProps) {
  const t = useMessages(chainTexts);
  const { client } = useAccount();
  const funds = useFunds(asset);
  const { start, isUnderWay, error } = useAct(async () => {
    await client.submit(asset.token, withdrawal);
  });
  const { withdrawn } = withdrawal.withdrawal;
  const isMined = funds !== undefined && funds.latest.withdrawn >= withdrawn;
  const isFinal = funds !== undefined && funds.final.withdrawn >= withdrawn;
  return (
    <>
      <div aria-live="polite">
        <Progress
          steps={[
            { title: t.signed, state: "done" },
            { title: t.onItsWay, state: isMined ? "done" : "now" },
            { title: t.final, state: isFinal ? "done" : isMined ? "now" : "later" },
          ]}
        />
      </div>
      {error !== undefined && <Problem of={error} />}
      <div className="row">
        {!isMined && (
          <Button onClick={start} busy={isUnderWay}>
            {t.submit}
          </Button>
        )}
        <Button kind="quiet" onClick={onAnother}>
          {t.another}
        </Button>
      </div>
      {!isMined && <p className="small muted">{t.submitHint}</p>}
    </>
  );
}
