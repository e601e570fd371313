import type { Command } from "commander";

import { fail } from "../../errors";
import type { Address } from "../../protocol";
import type { Signers } from "../../chain/signers";
import { address } from "../arguments";
import type { HubSession } from "../chainSession";
import { dateOf } from "../dates";
import { define, group, runs } from "../define";
import type { Session } from "../session";
import { shown, type Shown } from "../shown";
import { rpcOption, withChainOptions, type ChainOptions } from "../signing";
import { facts } from "../tables";

interface ShowOptions {
  readonly hub: Address;
  readonly rpc: string;
  readonly system: Address;
}

type Opened = HubSession & { readonly signers: Signers };

const SIGNER = "0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc";
const ON_CHAIN = "--hub 0x… --rpc https://…";

export function signerCommands(program: Command): void {
  const signers = group(program, "signer", "The keys that sign for your system, as the hub lists them.");
  const add = define(signers, "add", {
    does: "Lets a key sign states and notes in your system's name, at once. Sent by the system's own account.",
    examples: [`starledger signer add ${SIGNER} ${ON_CHAIN} --key-file system.json`],
  }).argument("<address>", "the key's", address);
  runs<ChainOptions, [Address]>(withChainOptions(add), (session, options, signer) =>
    withSigners(session, options, (opened) => addSigner(session, options, opened, signer)),
  );
  const retire = define(signers, "retire", {
    does: "Announces that a key is not to sign for your system any more and, called again when the notice period is over, carries that out. Until then customers have what it signed signed anew, by their next payment, or leave.",
    examples: [`starledger signer retire ${SIGNER} ${ON_CHAIN} --key-file system.json`],
  }).argument("<address>", "the key's", address);
  runs<ChainOptions, [Address]>(withChainOptions(retire), (session, options, signer) =>
    withSigners(session, options, (opened) => retireSigner(session, options, opened, signer)),
  );
  const show = define(signers, "show", {
    does: "Says whether a key signs for a system, and whether it is to be retired.",
    examples: [`starledger signer show ${SIGNER} ${ON_CHAIN} --system 0x…`],
  })
    .argument("<address>", "the key's", address)
    .requiredOption("--hub <address>", "the hub's address", address)
    .addOption(rpcOption().makeOptionMandatory())
    .requiredOption("--system <address>", "the operator's account", address);
  runs<ShowOptions, [Address]>(show, async (_, { hub, rpc, system }, signer) => {
    const [{ connect }, { Signers }] = await Promise.all([import("../../chain"), import("../../chain/signers")]);
    const provider = await connect([rpc]);
    return await describe(new Signers(hub, provider), system, signer).finally(() => provider.destroy());
  });
}

async function withSigners(
  session: Session,
  options: ChainOptions,
  act: (opened: Opened) => Promise<Shown>,
): Promise<Shown> {
  const [{ openHub }, { Signers }] = await Promise.all([import("../chainSession"), import("../../chain/signers")]);
  const opened = await openHub(session, options);
  const signers = new Signers(options.hub, opened.wallet);
  return await act({ ...opened, signers }).finally(() => opened.provider.destroy());
}

async function addSigner(
  session: Session,
  options: ChainOptions,
  { signers, own, report }: Opened,
  signer: Address,
): Promise<Shown> {
  if (!(await signers.has(own, signer))) {
    await session.confirm(`Let ${signer} sign for ${own}, at once`, options);
    report("add", await signers.add(signer));
  }
  return describe(signers, own, signer);
}

async function retireSigner(
  session: Session,
  options: ChainOptions,
  { signers, own, report }: Opened,
  signer: Address,
): Promise<Shown> {
  if (!(await signers.has(own, signer))) fail("unregistered_signer", { signer, system: own });
  const [announced, now] = await Promise.all([signers.retirement(own), signers.now()]);
  if (announced?.signer === signer && now < announced.until) {
    if (now < announced.from) fail("not_yet", { now, from: announced.from });
    await session.confirm(`Retire ${signer}: what it alone has signed for ${own} is void from then on`, options);
    report("retire", await signers.retire());
  } else {
    const other = announced === undefined || announced.signer === signer ? "" : `, and not ${announced.signer}`;
    await session.confirm(`Announce that ${signer} is not to sign for ${own} any more${other}`, options);
    report("announce", await signers.announce(signer));
  }
  return describe(signers, own, signer);
}

async function describe(signers: Signers, system: Address, signer: Address): Promise<Shown> {
  const [signs, announced, now] = await Promise.all([
    signers.has(system, signer),
    signers.retirement(system),
    signers.now(),
  ]);
  const isPending = announced?.signer === signer && now < announced.until;
  const retirement = isPending ? { from: announced.from, until: announced.until } : null;
  return shown({ system, signer, signs, retirement }, () =>
    facts({
      Signer: signer,
      System: system,
      Signs: signs ? "yes" : "no",
      Retires:
        retirement === null ? undefined : `from ${dateOf(retirement.from)}, or never after ${dateOf(retirement.until)}`,
    }),
  );
}
