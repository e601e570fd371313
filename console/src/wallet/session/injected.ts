import type { Eip1193Provider } from "../../../../src/sdk/browser";

declare global {
  interface Window {
    readonly ethereum?: Eip1193Provider;
  }
}

/** The wallet that was added to the browser, if there is one. */
export function injectedWallet(): Eip1193Provider | undefined {
  return window.ethereum;
}
