import { fail } from "../../errors";
import type { Address } from "../../protocol";
import { readAlias } from "../../wire";
import type { AccountName } from "../store";
import type { Setting } from "./setting";

/** What names stand for: what they first stood for is kept in the store, and nothing else believed until the owner says so. */
export class Names {
  private kept: Promise<Map<AccountName, Address>> | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly setting: Setting) {}

  /**
   * The account that a name stands for, now and ever since it was first asked for.
   * @throws name_changed, wrong_chain, bad_alias, unknown_alias, unreachable
   */
  async resolve(text: AccountName): Promise<Address> {
    const { api, domain: own } = this.setting;
    const name = normalised(text);
    const { account, domain } = await api.named(name);
    if (domain.chainId !== own.chainId || domain.hub !== own.hub) {
      fail("wrong_chain", { got: `${domain.chainId} ${domain.hub}`, want: `${own.chainId} ${own.hub}` });
    }
    // Two who ask for a new name at once are to be told the same.
    return this.inTurn(async () => {
      const want = (await this.known()).get(name);
      if (want === undefined) await this.keep(name, account);
      else if (want !== account) fail("name_changed", { name, got: account, want });
      return account;
    });
  }

  /** @throws bad_alias */
  async accept(name: AccountName, account: Address): Promise<void> {
    const accepted = normalised(name);
    await this.inTurn(() => this.keep(accepted, account));
  }

  private async keep(name: AccountName, account: Address): Promise<void> {
    const { store, now } = this.setting;
    await store.append({ type: "named", name, account, time: now() });
    (await this.known()).set(name, account);
  }

  private known(): Promise<Map<AccountName, Address>> {
    return (this.kept ??= this.read().catch((error: unknown) => {
      this.kept = undefined;
      throw error;
    }));
  }

  private async read(): Promise<Map<AccountName, Address>> {
    const records = await this.setting.store.all();
    return new Map(records.flatMap((one) => (one.type === "named" ? [[one.name, one.account] as const] : [])));
  }

  private inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.turn.then(act);
    this.turn = done.catch(() => undefined);
    return done;
  }
}

/** In lower case, with its host. */
function normalised(text: AccountName): AccountName {
  const { name, host } = readAlias(text) ?? fail("bad_alias", { alias: text });
  return host === null ? fail("bad_alias", { alias: text }) : `${name}@${host}`;
}
