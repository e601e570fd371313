interface ScriptPolicy {
  createScriptURL(text: string): string;
}

interface PolicyFactory {
  createPolicy(name: string, policy: ScriptPolicy): ScriptPolicy;
}

const WORKER = "/worker.js";
const SCOPE = "/wallet";

/** Has the browser keep the wallet's pages, so that they open where the service does not answer any more. */
export async function keepHere(): Promise<void> {
  // Pages that are not from https or this machine have no such property.
  const { serviceWorker } = navigator as { serviceWorker?: ServiceWorkerContainer };
  const { trustedTypes } = window as { trustedTypes?: PolicyFactory };
  // The page's policy takes a script's address from code that says which one it is, and only that.
  const policy = trustedTypes?.createPolicy("starledger", { createScriptURL: () => WORKER });
  await serviceWorker?.register(policy?.createScriptURL(WORKER) ?? WORKER, { scope: SCOPE });
}
