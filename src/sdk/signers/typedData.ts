import type { Domain } from "../../protocol";
import type { SignedMessage } from "../signing";

const bytes32 = (name: string) => ({ name, type: "bytes32" });
const uint64 = (name: string) => ({ name, type: "uint64" });
const uint128 = (name: string) => ({ name, type: "uint128" });
const address = (name: string) => ({ name, type: "address" });
const net = { name: "net", type: "int128" };

/** The types of section 3, as wallets show them to their owners. */
const TYPES: Readonly<Record<SignedMessage["type"], readonly { name: string; type: string }[]>> = {
  State: [
    ...[bytes32("channelId"), uint64("version"), net, uint64("noteSeq"), uint128("noteCredited"), uint128("locked")],
    ...[uint64("locksExpiry"), bytes32("locksRoot"), bytes32("memo")],
  ],
  Withdrawal: [
    ...[bytes32("channelId"), uint128("withdrawn"), uint128("reclaimed"), address("recipient"), uint64("deadline")],
  ],
  Closing: [bytes32("channelId"), net, uint64("deadline")],
  Close: [
    ...[bytes32("channelId"), address("party"), bytes32("stateHash"), bytes32("noteHash")],
    ...[{ name: "humble", type: "bool" }, uint64("deadline")],
  ],
  Invoice: [
    ...[bytes32("hash"), uint128("amount"), address("token"), uint64("expiry"), address("account"), bytes32("memo")],
  ],
  Appointment: [
    ...[
      bytes32("channelId"),
      address("party"),
      address("tower"),
      { name: "shareBps", type: "uint16" },
      uint64("until"),
    ],
  ],
};

const DOMAIN = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
  address("verifyingContract"),
];

/** EIP-712 typed data as `eth_signTypedData_v4` takes it: numbers as decimal text. */
export function typedData({ type, value }: SignedMessage, { chainId, hub }: Domain) {
  const fields: Readonly<Record<string, string | number | bigint | boolean>> = { ...value };
  const message = Object.fromEntries(
    TYPES[type].map(({ name }) => {
      const field = fields[name]!;
      return [name, typeof field === "bigint" ? String(field) : field];
    }),
  );
  return {
    types: { EIP712Domain: DOMAIN, [type]: TYPES[type] },
    primaryType: type,
    domain: { name: "Starledger", version: "1", chainId: String(chainId), verifyingContract: hub },
    message,
  };
}
