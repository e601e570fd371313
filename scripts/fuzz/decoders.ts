import { writeFileSync } from "node:fs";
import path from "node:path";
import { crc32 } from "node:zlib";

import { xchacha20poly1305 } from "@noble/ciphers/chacha";
import { scrypt } from "@noble/hashes/scrypt";
import { bech32m } from "@scure/base";
import type { JsonRpcProvider } from "ethers";
import { stringify } from "yaml";
import { z } from "zod";

import { IChannelHub__factory } from "../../typechain-types";
import { readDeployment } from "../../src/chain/deployment";
import { sightingsOf } from "../../src/chain/watch/facts";
import { rpcNode } from "../../src/chain/watch/node";
import { readPapers } from "../../src/cli/exit/papers";
import { fail } from "../../src/errors";
import { decodeInvoice, encodeInvoice } from "../../src/protocol";
import { fromJson, toJson } from "../../src/protocol/json";
import { FileStore, formatRequest, parseRequest, restore, type StoreRecord } from "../../src/sdk";
import { ChainNode } from "../../src/sdk/chain/chainNode";
import { recall } from "../../src/sdk/wallet/memory";
import { contentOf, saidIn } from "../../src/service/http/stream/messages";
import { readConfig } from "../../src/service/config";
import { clientMessage, serverMessage, stateSubmission } from "../../src/wire";
import {
  decodeSubmissionResult,
  encodeSubmissionResult,
  encodeSubmission,
  type Submission,
} from "../../src/wire/binary";
import { decoder, type Decoder } from "./decoder";
import { COMPLETED, DOMAIN, HELD, ID, INVOICE, KEY, PROPOSAL, RECORDS, SYSTEM, TOKEN, USER } from "./messages";

const text = (bytes: Buffer): string => bytes.toString();

/** All that reads what others have written, with what it reads. @param folder for files that are read */
export function decoders(folder: string): Decoder[] {
  const inFile = (name: string, bytes: Buffer): string => {
    const file = path.join(folder, name);
    writeFileSync(file, bytes);
    return file;
  };
  return [...texts(), ...messages(), ...files(inFile), ...chain()];
}

/** Links, codes to scan. */
function texts(): Decoder[] {
  const request = { domain: DOMAIN, system: SYSTEM, to: USER, token: TOKEN };
  const links = [request, { ...request, amount: 7n, reference: COMPLETED.state.memo }];
  const invoice = encodeInvoice(INVOICE);
  return [
    {
      ...decoder("invoice", [invoice, invoice.toUpperCase()], (bytes) => decodeInvoice(text(bytes)), encodeInvoice),
      sealed: {
        contents: [Buffer.from(bech32m.fromWords(bech32m.decode(invoice as `sl1${string}`, false).words))],
        seal: (bytes) => Buffer.from(bech32m.encode("sl", bech32m.toWords(bytes), false)),
      },
    },
    decoder(
      "payment request",
      links.map((link) => formatRequest(link)),
      (bytes) => parseRequest(text(bytes)),
      formatRequest,
    ),
  ];
}

/** Of HTTP and the stream. */
function messages(): Decoder[] {
  const submission = { proposal: PROPOSAL.state, operations: PROPOSAL.operations, signature: PROPOSAL.signature };
  const body = z.encode(stateSubmission, submission);
  const asked = [
    { type: "submitState", id: "1", idempotencyKey: "pay", body },
    { type: "subscribe", id: "2", channel: "events", system: SYSTEM, after: "9", types: ["account.opened"] },
    { type: "subscribe", id: "3", channel: "notes", channelId: ID },
    { type: "reveal", id: "4", idempotencyKey: "claim", body: { preimage: ID } },
  ];
  const told = [
    { type: "note", subscription: "3", note: { note: HELD.note, locks: [], signed: HELD.signed } },
    { type: "result", id: "1", replayed: false, result: {} },
  ].map((one) => JSON.stringify(one, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)));
  return [
    decoder(
      "stream, from a client",
      asked.map((one) => JSON.stringify(one)),
      (bytes) => saidIn(bytes, false).message(),
      (message) => JSON.stringify(z.encode(clientMessage, message)),
    ),
    decoder(
      "stream, a state in bytes",
      [encodeSubmission({ id: "1", idempotencyKey: "pay", body: submission })],
      (bytes) => saidIn(bytes, true).message() as Submission,
      encodeSubmission,
    ),
    decoder(
      "stream, a receipt in bytes",
      [encodeSubmissionResult({ id: "1", replayed: false, result: { commit: 7n, systemSignature: HELD.signed } })],
      decodeSubmissionResult,
      encodeSubmissionResult,
    ),
    decoder(
      "stream, from the service",
      told,
      (bytes) => safely(serverMessage, bytes),
      (message) => JSON.stringify(z.encode(serverMessage, message)),
    ),
    decoder(
      "body of a state",
      [JSON.stringify(body)],
      (bytes) => safely(stateSubmission, bytes),
      (value) => JSON.stringify(z.encode(stateSubmission, value)),
    ),
  ];
}

/** Reads by a schema, as server and client do. */
function safely<T extends z.ZodType>(schema: T, bytes: Buffer): z.output<T> {
  const { data, error } = schema.safeParse(contentOf(text(bytes)));
  return error === undefined ? data : fail("invalid_request", { reason: error.issues[0]?.message });
}

/** Wallets' and operators' files. */
function files(inFile: (name: string, bytes: Buffer) => string): Decoder[] {
  const lines = RECORDS.map((record) => toJson(record));
  const checked = (content: Buffer) =>
    Buffer.from(
      text(content)
        .split("\n")
        .map((line) => `1 ${crc32(line).toString(16).padStart(8, "0")} ${line}\n`)
        .join(""),
    );
  const records = Buffer.from(toJson(RECORDS));
  const settings = {
    ...{
      rpcUrl: "https://node.example",
      system: SYSTEM,
      tokens: TOKEN,
      signerKey: ID,
      operatorKey: "sixteen-characters",
    },
    ...{ keystoreSecret: "sixteen characters", keystoreSalt: ID, callsPerAddress: "600", trustedProxies: "10.0.0.0/8" },
  };
  const addresses = { registry: USER, books: USER, hub: USER, htlc: USER, anchor: USER, depositRouter: USER };
  const evidence = { channel: KEY, state: shown(COMPLETED), note: { note: HELD.note, signed: HELD.signed } };
  return [
    {
      ...unchanging("wallet's file", [`${lines.join("\n")}\n`], async (bytes) => {
        const records = await FileStore.read(inFile("wallet.jsonl", bytes));
        recall(ID, records);
        return records;
      }),
      sealed: { contents: [Buffer.from(lines.join("\n"))], seal: checked },
    },
    {
      ...unchanging("backup", [backup(text(records))], restored),
      sealed: { contents: [records], seal: (content) => backup(text(content)) },
    },
    unchanging("configuration", [stringify(settings), JSON.stringify(settings)], (bytes) =>
      readConfig({ STARLEDGER_CONFIG: inFile("config.yaml", bytes) }),
    ),
    unchanging("environment", [`${SYSTEM}\n${TOKEN}\n600\n10.0.0.0/8\n`], (bytes) => {
      const [system, tokens, calls, proxies, systems] = text(bytes).split("\n");
      return readConfig({
        ...{ STARLEDGER_SYSTEM: system, STARLEDGER_TOKENS: tokens, STARLEDGER_CALLS_PER_ADDRESS: calls },
        ...{ STARLEDGER_TRUSTED_PROXIES: proxies, STARLEDGER_SYSTEMS: systems },
      });
    }),
    unchanging("deployment", [JSON.stringify({ ...addresses, deployedAtBlock: "7" })], (bytes) =>
      readDeployment(1n, path.dirname(inFile("1.json", bytes))),
    ),
    unchanging("evidence file", [decimal(evidence)], async (bytes) => {
      const papers = await readPapers(inFile("evidence.json", bytes), {}, () => Promise.resolve(0n), false);
      return papers.evidence;
    }),
  ];
}

/** What nodes answer. */
function chain(): Decoder[] {
  const hub = IChannelHub__factory.createInterface();
  const { topics, data } = hub.encodeEventLog("Deposited", depositedArguments());
  const place = { blockNumber: "0x10", blockHash: ID, logIndex: "0x0", transactionHash: ID, address: USER };
  const logs = JSON.stringify([{ ...place, topics, data }]);
  const block = JSON.stringify({ number: "0x10", hash: ID, parentHash: ID, timestamp: "0x65", baseFeePerGas: "0x7" });
  const answering = (bytes: Buffer) => ({ request: () => Promise.resolve(json(bytes)) });
  const watched = (bytes: Buffer) =>
    rpcNode({ send: () => Promise.resolve(json(bytes)) } as unknown as JsonRpcProvider);
  return [
    unchanging("events of the chain", [logs], async (bytes) => sightingsOf(await watched(bytes).logs([USER], 0, 1))),
    unchanging("block, for the service", [block], (bytes) => watched(bytes).header(1)),
    unchanging("block, for a wallet", [block], (bytes) => new ChainNode(answering(bytes)).block("latest")),
    unchanging("logs, for a wallet", [logs], (bytes) => new ChainNode(answering(bytes)).logs(USER, [], 0n, 1n)),
    unchanging("chain's id", ['"0x7a69"'], (bytes) => new ChainNode(answering(bytes)).chainId()),
  ];

  function depositedArguments(): unknown[] {
    return hub
      .getEvent("Deposited")
      .inputs.map(({ type }) => (type === "address" ? USER : type === "bytes32" ? ID : 5n));
  }
}

/** Of what is written by other programs alone: it reads the same a second time. */
function unchanging<T>(
  name: string,
  samples: readonly (string | Buffer)[],
  read: (bytes: Buffer) => T | Promise<T>,
): Decoder {
  const decode = async (bytes: Buffer) => [await read(bytes), await read(bytes)] as const;
  return { name, samples: samples.map((one) => Buffer.from(one as string)), decode };
}

/** JSON as it comes from a node: what is none does not come through its connection. */
function json(bytes: Buffer): unknown {
  try {
    return JSON.parse(text(bytes));
  } catch {
    return fail("chain_unreachable", { reason: "no JSON" });
  }
}

function decimal(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => (typeof one === "bigint" ? String(one) : one));
}

function shown({ state, signature, systemSignature }: typeof COMPLETED) {
  return { state, userSignature: signature, systemSignature };
}

const PASSPHRASE = "eight letters";

/** A backup whose key is found at once: what it costs is in its header. */
function backup(records: string): Buffer {
  const cost = { N: 2, r: 8, p: 1 };
  const [salt, nonce] = [Buffer.alloc(16, 1), Buffer.alloc(24, 2)];
  const parameters = { ...cost, salt: salt.toString("hex") };
  const header = { format: "starledger-backup", version: 1, scrypt: parameters, nonce: nonce.toString("hex") };
  const line = Buffer.from(`${JSON.stringify(header)}\n`);
  const cipher = xchacha20poly1305(scrypt(PASSPHRASE, salt, { ...cost, dkLen: 32 }), nonce, line);
  return Buffer.concat([line, cipher.encrypt(Buffer.from(records))]);
}

/** What a backup fills a store with, but for when it did; and what a wallet makes of it. */
async function restored(bytes: Buffer): Promise<readonly StoreRecord[]> {
  const records: StoreRecord[] = [];
  const store = {
    append: (record: StoreRecord) => Promise.resolve(void records.push(fromJson(toJson(record)) as StoreRecord)),
    records: () => Promise.resolve([]),
    all: () => Promise.resolve([...records]),
    lock: () => Promise.resolve(() => Promise.resolve()),
    close: () => Promise.resolve(),
  };
  await restore(store, bytes, PASSPHRASE);
  recall(ID, records);
  return records.map((record) => (record.type === "restored" ? { ...record, time: 0n } : record));
}
