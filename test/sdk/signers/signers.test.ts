import { expect } from "chai";
import { getBytes, HDNodeWallet, Transaction, TypedDataEncoder, Wallet, type TypedDataField } from "ethers";

import {
  addressOf,
  digest,
  emptyNote,
  emptyState,
  hashState,
  keccakText,
  sign,
  toAddress,
  ZERO_HASH,
  type ChannelId,
  type Hex,
} from "../../../src/protocol";
import {
  ChainNode,
  localSigner,
  typedData,
  walletSigner,
  type Eip1193Provider,
  type SignedMessage,
} from "../../../src/sdk";
import { hashMessage } from "../../../src/sdk/signing";
import { expectError } from "../../helpers/errors";
import { DOMAIN, person, SEPARATOR } from "../../helpers/service";

const channelId = keccakText("channel") as string as ChannelId;
const { key, address } = person("alice");
const state = { ...emptyState(channelId), version: 3n, net: -5n, noteSeq: 1n, noteCredited: 2n ** 127n };

const MESSAGES: readonly SignedMessage[] = [
  { type: "State", value: state },
  { type: "Withdrawal", value: { channelId, withdrawn: 7n, reclaimed: 0n, recipient: address, deadline: 9n } },
  { type: "Closing", value: { channelId, net: -1n, deadline: 9n } },
  {
    type: "Close",
    value: { channelId, party: address, stateHash: hashState(state), noteHash: ZERO_HASH, humble: true, deadline: 9n },
  },
  {
    type: "Invoice",
    value: {
      hash: keccakText("h"),
      amount: 1n,
      token: address,
      expiry: 9n,
      account: address,
      memo: emptyNote(channelId).memo,
    },
  },
  { type: "Appointment", value: { channelId, party: address, tower: address, shareBps: 9_999, until: 9n } },
];

/** A browser wallet that does as its owner `answers`. */
function walletOf(answers: Readonly<Record<string, (params: readonly unknown[]) => unknown>>): Eip1193Provider {
  return { request: ({ method, params = [] }) => Promise.resolve(answers[method]!(params)) };
}

/** As ethers takes them: the domain's type it knows. */
function messageTypes(types: ReturnType<typeof typedData>["types"]): Record<string, TypedDataField[]> {
  const others = Object.entries(types).filter(([name]) => name !== "EIP712Domain");
  return Object.fromEntries(others.map(([name, fields]) => [name, [...fields]]));
}

describe("signers", () => {
  for (const message of MESSAGES) {
    it(`show a wallet's owner a ${message.type} as typed data that hashes to what the protocol signs`, () => {
      const { types, primaryType, domain, message: fields } = typedData(message, DOMAIN);
      const others = messageTypes(types);
      expect([primaryType, Object.keys(others)]).to.deep.equal([message.type, [message.type]]);
      expect(TypedDataEncoder.hash(domain, others, fields)).to.equal(digest(SEPARATOR, hashMessage(message)));
    });
  }

  it("a local key signs the digest", async () => {
    expect(await localSigner(key).sign(MESSAGES[0]!, DOMAIN)).to.equal(sign(digest(SEPARATOR, hashState(state)), key));
  });

  it("a local key sends transactions that ethers reads as it meant them", async () => {
    const answers: Record<string, unknown> = {
      ...{ eth_chainId: "0x7a69", eth_getTransactionCount: "0x80", eth_estimateGas: "0x5208" },
      ...{ eth_maxPriorityFeePerGas: "0x3b9aca00", eth_sendRawTransaction: keccakText("sent") },
      eth_getBlockByNumber: { number: "0x1", timestamp: "0x2", baseFeePerGas: "0x7" },
    };
    const raw: unknown[] = [];
    const node = new ChainNode({
      request: ({ method, params = [] }) => {
        if (method === "eth_sendRawTransaction") raw.push(params[0]);
        return Promise.resolve(answers[method]);
      },
    });
    for (const value of [0n, 256n]) {
      expect(await localSigner(key).send({ to: DOMAIN.hub, data: "0x1234", value }, node)).to.equal(keccakText("sent"));
      const sent = Transaction.from(raw.at(-1) as string);
      expect(sent.toJSON()).to.deep.include({
        ...{ type: 2, to: sent.to, data: "0x1234", nonce: 128, value: `${value}`, chainId: "31337", gasLimit: "26250" },
        ...{ maxPriorityFeePerGas: "1000000000", maxFeePerGas: "1000000014", accessList: [] },
      });
      expect([toAddress(sent.to!), toAddress(sent.from!)]).to.deep.equal([DOMAIN.hub, address]);
    }
  });

  it("a wallet signs typed data for the account that its owner chose, with v as wallets write it", async () => {
    const owner = HDNodeWallet.createRandom();
    const account = toAddress(owner.address);
    const wallet = walletOf({
      eth_requestAccounts: () => [owner.address],
      eth_signTypedData_v4: async ([from, text]) => {
        expect(from).to.equal(account);
        const { types, domain, message } = JSON.parse(text as string) as ReturnType<typeof typedData>;
        const signature = await owner.signTypedData(domain, messageTypes(types), message);
        return signature.slice(0, -2) + (signature.endsWith("1b") ? "00" : "01");
      },
      eth_sendTransaction: ([transaction]) => {
        expect(transaction).to.deep.equal({ from: account, to: DOMAIN.hub, data: "0x12", value: "0x0" });
        return keccakText("sent");
      },
    });
    const signer = await walletSigner(wallet);
    const expected = sign(digest(SEPARATOR, hashState(state)), owner.privateKey as Hex);
    expect([signer.address, await signer.sign(MESSAGES[0]!, DOMAIN)]).to.deep.equal([account, expected]);
    const node = new ChainNode(wallet);
    expect(await signer.send({ to: DOMAIN.hub, data: "0x12", value: 0n }, node)).to.equal(keccakText("sent"));
  });

  it("sign a text as wallets do", async () => {
    const owner = new Wallet(key);
    const wallet = walletOf({ personal_sign: ([text]) => owner.signMessage(getBytes(text as string)) });
    const expected = await owner.signMessage("sign in, please");
    for (const signer of [localSigner(key), await walletSigner(wallet, address)]) {
      expect(await signer.signText("sign in, please")).to.equal(expected);
    }
  });

  it("say so when the owner refuses", async () => {
    const refusal = (): never => {
      throw Object.assign(new Error("User rejected the request."), { code: 4001 });
    };
    const wallet = walletOf({ eth_requestAccounts: () => [], eth_signTypedData_v4: refusal });
    await expectError(() => walletSigner(wallet), "signature_refused");
    const signer = await walletSigner(wallet, addressOf(key));
    await expectError(() => signer.sign(MESSAGES[0]!, DOMAIN), "signature_refused", {
      reason: "User rejected the request.",
    });
  });
});
