import type { Address, Hex } from "../../src/protocol";
import {
  connect,
  IndexedDbStore,
  localSigner,
  newKey,
  StarledgerError,
  walletSigner,
  type Signer,
} from "../../src/sdk/browser";
import type { Eip1193Provider } from "../../src/sdk/browser";

// A wallet as a page. The key is that of the browser's own wallet (MetaMask and the like) if there is one, or else one that
// the page makes and keeps. Every signature of the service is checked here; states and notes are in the browser's IndexedDB.

interface Settings {
  readonly url: string;
  readonly rpc: string;
  readonly token: Address;
  readonly decimals: number;
}

declare global {
  interface Window {
    readonly ethereum?: Eip1193Provider;
  }
}

const element = (id: string): HTMLElement => document.getElementById(id)!;

/** A page that anybody else can put a script into must not keep a key so. */
function ownKey(): Hex {
  const made = localStorage.getItem("key") ?? newKey();
  localStorage.setItem("key", made);
  return made as Hex;
}

/** Does `act` with what a form says whenever it is sent, and shows what is wrong. */
function onSubmit(id: string, act: (field: (name: string) => string) => Promise<void>): void {
  element(id).addEventListener("submit", (event) => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    element("problem").textContent = "";
    act((name) => form.get(name) as string).catch((error: unknown) => {
      element("problem").textContent =
        error instanceof StarledgerError ? `${error.message} ${error.hint}` : String(error);
    });
  });
}

function download(name: string, bytes: Uint8Array): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes.slice()]));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function main(): Promise<void> {
  const { url, rpc, token, decimals } = (await (await fetch("settings.json")).json()) as Settings;
  const whole = 10n ** BigInt(decimals);
  const account: Signer = window.ethereum ? await walletSigner(window.ethereum) : localSigner(ownKey());
  element("account").textContent = account.address;
  // Who may have an account is for the operator to say: its own server opens it.
  await fetch("open", { method: "POST", body: account.address });
  const client = await connect({ url, rpc, account, store: await IndexedDbStore.open(), poll: 1_000 });
  await client.open(token);

  onSubmit("receive", async (field) => {
    const { text } = await client.invoice({ token, amount: BigInt(field("amount")) * whole });
    element("invoice").textContent = text;
  });
  onSubmit("pay", (field) => client.payInvoice(field("invoice").trim()));
  onSubmit("backup", async (field) => download("wallet.backup", await client.backup(field("passphrase"))));

  for await (const { balance, locked } of client.watch(token)) {
    const onItsWay = locked > 0n ? `, ${locked / whole} on its way` : "";
    element("balance").textContent = `${balance / whole}${onItsWay}`;
  }
}

main().catch((error: unknown) => {
  element("problem").textContent = String(error);
});
