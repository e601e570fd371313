import { fail } from "../../errors";
import type { OperatorApi } from "../../sdk";
import { checking, failed, passed, type Check } from "./check";

/** How far a clock may be off, in seconds. */
const SKEW = 5;

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
export async function checkSystems(api: OperatorApi): Promise<Check[]> {
  const checks: Check[] = [];
  const access = await checking("access", async () => {
    for (const { address, leader, leads, chain, ...status } of (await api.progress()).systems) {
      const name = `lease of ${address}`;
      if (leads || leader !== null) checks.push(passed(name, `${leads ? "led here" : leader!}, term ${status.term}`));
      else checks.push(failed(name, "nobody leads the system"));
      if (chain === null) continue;
      const followed = `chain of ${address}`;
      if (chain.head === null) checks.push(failed(followed, "the service has not seen a block"));
      else checks.push(passed(followed, `block ${chain.head}, final ${chain.final}`));
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

/** Every difference by its name. */
async function checkBooks(api: OperatorApi): Promise<Check[]> {
  const checks: Check[] = [];
  const reading = await checking("reconciliation", async () => {
    for (const { system, commit, chain, total, differences } of await api.reconciliation()) {
      const name = `books of ${system}`;
      if (total === 0) checks.push(passed(name, `hold as of commit ${commit}${chain ? ", the chain included" : ""}`));
      for (const { kind, token, account, channel, field, got, want } of differences) {
        const where = [token, account, channel, field].filter((part) => part !== null).join(" ");
        checks.push(failed(`${name}: ${kind}`, `${where}: got ${got}, want ${want}`));
      }
      const unnamed = total - differences.length;
      if (unnamed > 0) checks.push(failed(name, `${unnamed} more differences`));
    }
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
