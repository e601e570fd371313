import type { ReactNode } from "react";

import { Loading } from "../../app/Loading";
import { Problem } from "../../app/Problem";
import { Button } from "../../design/Button";
import { Table, type Column } from "../../design/Table";
import { useMessages } from "../../i18n/language";
import { operatorTexts } from "../messages";
import type { Pages } from "./usePages";

interface ListProps<Item> {
  readonly label: string;
  readonly pages: Pages<Item>;
  readonly keyOf: (item: Item) => string;
  readonly columns: readonly Column<Item>[];
  readonly empty: ReactNode;
}

/** A page of a list as a table, and the way to its neighbours. */
export function List<Item>({ label, pages, keyOf, columns, empty }: ListProps<Item>) {
  const t = useMessages(operatorTexts);
  const { value, error, askAgain, show } = pages;
  return (
    <>
      {error !== undefined && <Problem of={error} onRetry={askAgain} />}
      {value === undefined && error === undefined && <Loading />}
      {value !== undefined && (
        <>
          <Table label={label} rows={value.data} keyOf={keyOf} columns={columns} empty={empty} />
          {(value.next !== null || value.previous !== null) && (
            <div className="row spread">
              <Button disabled={value.previous === null} onClick={() => show(value.previous ?? undefined)}>
                {t.previous}
              </Button>
              <Button disabled={value.next === null} onClick={() => show(value.next ?? undefined)}>
                {t.next}
              </Button>
            </div>
          )}
        </>
      )}
    </>
  );
}
