import type { Command } from "commander";

import { fail } from "../../errors";
import type { Address } from "../../protocol";
import type { VerifiedLiability } from "../../sdk";
import { address, whole } from "../arguments";
import { define, runs } from "../define";
import { withToken } from "../options";
import { withOwnAccount, withOwnOptions, type OwnOptions } from "../ownAccount";
import { assetOf, type Asset, type Session } from "../session";
import { shown } from "../shown";
import { facts } from "../tables";

interface VerifyOptions extends OwnOptions {
  readonly token?: Address;
  readonly period?: bigint;
}

export function verifyCommand(program: Command): void {
  const command = define(program, "verify", {
    does: "Checks by a node of your own that an account is in what the system published: path, sums, anchor, backing; with your wallet's file also that the balance is what your own records say.",
    examples: [
      "starledger verify --wallet alice.jsonl --key-file alice.key --rpc https://node.example",
      "starledger verify 0x70997970c51812dc3a010c7d01b50e0d17dc79c8 --rpc https://node.example --period 7 --json",
    ],
  }).argument("[address]", "the account, for its operator; with a wallet, its own", address);
  withOwnOptions(withToken(command))
    .option(
      "--anchor <address>",
      "the anchor contract's address; by default that of the wallet's file, or of the service",
      address,
    )
    .option("--period <number>", "the publication; by default the last that is final", whole);
  runs<VerifyOptions, [Address | undefined]>(command, async (session, options, account) => {
    const asset = await session.asset(options.token);
    const verified = await verify(session, options, asset, account);
    return shown(verified, (data) => facts(factsOf(data, assetOf(asset))));
  });
}

async function verify(
  session: Session,
  options: VerifyOptions,
  { token }: Asset,
  account: Address | undefined,
): Promise<VerifiedLiability> {
  const { period, wallet, rpc } = options;
  if (wallet !== undefined) return await withOwnAccount(session, options, (own) => own.verifyLiability(token, period));
  if (account === undefined || rpc === undefined) {
    return fail("wrong_usage", { missing: account === undefined ? "an account, or --wallet" : "--rpc" });
  }
  const { Anchor, ChainNode, httpProvider, Hub, verifyLiability } = await import("../../sdk");
  const operator = await session.operator();
  const { system } = await operator.account(account);
  const served = (await operator.systems()).find((one) => one.address === system);
  const hub = options.hub ?? served?.hub ?? fail("unknown_system", { system });
  const anchor = options.anchor ?? (await operator.publications({ system, token })).anchor;
  if (anchor === null) return fail("unknown_publication", { token });
  const node = new ChainNode(httpProvider(rpc));
  const checks = { hub: new Hub(hub, node), anchor: new Anchor(anchor, node) };
  const proof = await operator.liability(account, token, period);
  return await verifyLiability(proof, { ...checks, channel: { system, user: account, token } });
}

function factsOf({ statement, channelId, balance, backing }: VerifiedLiability, { format }: Asset) {
  return {
    Channel: channelId,
    Balance: format(balance),
    Period: `${statement.period}, as of block ${statement.block}`,
    Owed: format(statement.total),
    Reserve: format(backing.reserve),
    "May issue": format(backing.issueLimit),
    Bond: format(backing.bond),
    Verified:
      backing.asOf === "publication" ? "all of it, by your node" : "all of it, by your node; the backing as of now",
  };
}
