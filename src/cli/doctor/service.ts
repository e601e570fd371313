import { fail } from "../../errors";
import type { OperatorApi } from "../../sdk";
import { booksChecks } from "./books";
import { checking, failed, passed, type Check } from "./check";

/** How far a clock may be off, in seconds. */
const SKEW = 5;
/** How old the newest block may be, in seconds: on Ethereum they come every twelve. */
const STILL = 600;
/** A chain for development has a block only when somebody sends something. */
const DEVELOPMENT = 31_337n;

/** What a service says of its systems. */
export type Watched = Pick<OperatorApi, "systems" | "progress" | "reconciliation">;

/** Whether the process that answers lives and takes requests, and its clock is right. */
export async function checkProcess(url: string, api: OperatorApi): Promise<Check[]> {
  return [
    await checking("service", async () => {
      await api.alive();
      return `${url} answers`;
    }),
    await checking("readiness", async () => {
      await api.ready();
      return "takes requests: its database and its signers answer, and it leads its systems";
    }),
    await checking("clock", async () => {
      const seconds = await skewOf(url);
      if (Math.abs(seconds) > SKEW) fail("out_of_range", { seconds, most: SKEW });
      return `${Math.abs(seconds)} s off this machine's`;
    }),
  ];
}

/** Whether the operator's key is right, each system is led and keeps up with its chain, and the books hold. */
export async function checkSystems(api: Watched): Promise<Check[]> {
  const checks: Check[] = [];
  const access = await checking("access", async () => {
    const chainIds = new Map((await api.systems()).map((one) => [one.address, one.chainId]));
    for (const { address, leader, leads, chain, ...status } of (await api.progress()).systems) {
      const name = `lease of ${address}`;
      if (leads || leader !== null) checks.push(passed(name, `${leads ? "led here" : leader!}, term ${status.term}`));
      else checks.push(failed(name, "nobody leads the system"));
      const { resynchronising } = status;
      if (resynchronising !== null && resynchronising > 0) {
        checks.push(passed(`loss of data of ${address}`, `${resynchronising} channels wait to begin anew`));
      }
      if (chain === null) continue;
      checks.push(checkFollowing(`chain of ${address}`, chain, chainIds.get(address)));
      if (chain.senders.length === 0) {
        checks.push(
          failed(`gas money of ${address}`, "no_gas_key: no key pays for gas, so that closes are not answered"),
        );
      }
      for (const { sender, balance, isLow } of chain.senders) {
        checks.push((isLow ? failed : passed)(`gas money of ${sender}`, `${balance ?? "unknown"} wei`));
      }
    }
    return "the operator's key is accepted";
  });
  return [access, ...checks, ...(access.ok ? await checkBooks(api) : [])];
}

type Following = NonNullable<Awaited<ReturnType<OperatorApi["progress"]>>["systems"][number]["chain"]>;

function checkFollowing(name: string, { head, headTime, final }: Following, chainId: bigint | undefined): Check {
  if (head === null || headTime === null) return failed(name, "the service has not seen a block");
  const age = Math.floor((Date.now() - headTime) / 1_000);
  const said = `block ${head} of ${new Date(headTime).toISOString()}, final ${final}`;
  if (age <= STILL || chainId === DEVELOPMENT) return passed(name, said);
  return failed(name, `stands still, or its node does: ${said}, ${age} s ago`);
}

async function checkBooks(api: Watched): Promise<Check[]> {
  const checks: Check[] = [];
  const reading = await checking("reconciliation", async () => {
    for (const found of await api.reconciliation()) checks.push(...booksChecks(found));
    return "memory, log, store and chain were compared";
  });
  return [reading, ...checks];
}

/** By how many seconds the service's clock is ahead. */
async function skewOf(url: string): Promise<number> {
  const response = await fetch(new URL("/healthz", url)).catch((error: unknown) =>
    fail("unreachable", { reason: error }),
  );
  const date = response.headers.get("date");
  return date === null ? fail("unreachable", { missing: "date" }) : Math.round((Date.parse(date) - Date.now()) / 1_000);
}
