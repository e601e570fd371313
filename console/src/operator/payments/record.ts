import type { Address, ChannelId, Hash, StateOperation } from "../../../../src/protocol";
import type { AdministrationApi, Page, RecordQuery } from "../../../../src/sdk/administration";

export const KINDS = ["transfers", "payments", "issuances", "deposits"] as const;
export type Kind = (typeof KINDS)[number];

/** A payment of any kind, as lists and receipts show it. */
export interface Paid {
  readonly id: string;
  /** Unix milliseconds; a conditional payment has none of its own. */
  readonly time: number | undefined;
  readonly from: Address | undefined;
  readonly to: Address;
  readonly token: Address;
  readonly amount: bigint;
  readonly decimals: number;
  readonly status: "pending" | "settled" | "failed";
  readonly fee: bigint | undefined;
  readonly refunded: bigint;
  readonly reference: Hash | undefined;
  readonly hash: Hash | undefined;
  readonly preimage: Hash | undefined;
  /** Where the payer's state says so. */
  readonly proof:
    | {
        readonly channel: ChannelId;
        readonly version: bigint;
        readonly includes: (operation: StateOperation) => boolean;
      }
    | undefined;
}

const NONE = { fee: undefined, refunded: 0n, hash: undefined, preimage: undefined, proof: undefined };

/** A page of one kind of payments, newest first. */
export async function paymentsOf(admin: AdministrationApi, kind: Kind, query: RecordQuery): Promise<Page<Paid>> {
  switch (kind) {
    case "transfers":
      return told(await admin.transfers(query), ({ id, channelId, version, ...rest }) => {
        const { to, amount, reference } = rest;
        const includes = (one: StateOperation): boolean =>
          one.type === "pay" && one.to === to && one.amount === amount && one.reference === reference;
        const proof = channelId === null || version === null ? undefined : { channel: channelId, version, includes };
        return { ...NONE, ...rest, id: String(id.number), status: "settled", proof };
      });
    case "payments":
      return told(await admin.payments(query), ({ id, preimage, ...rest }) => {
        const [channel, version] = id.split("-") as [ChannelId, string];
        const includes = (one: StateOperation): boolean => one.type === "lock" && one.hash === rest.hash;
        const proof = { channel, version: BigInt(version), includes };
        return { ...rest, id, time: undefined, reference: undefined, preimage: preimage ?? undefined, proof };
      });
    case "issuances":
      return told(await admin.issuances(query), ({ id, account, ...rest }) => {
        return { ...NONE, ...rest, id: String(id.number), from: undefined, to: account, status: "settled" };
      });
    case "deposits":
      return told(await admin.deposits(query), ({ id, account, ...rest }) => {
        const sides = { from: undefined, to: account, reference: undefined };
        return { ...NONE, ...rest, ...sides, id: String(id.number), status: "settled" };
      });
  }
}

function told<Item>({ data, ...rest }: Page<Item>, tell: (item: Item) => Paid): Page<Paid> {
  return { ...rest, data: data.map(tell) };
}
