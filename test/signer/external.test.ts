import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

import { expect } from "chai";
import { Transaction } from "ethers";

import { keccakText, sign, textDigest, type Hash, type Signature } from "../../src/protocol";
import { externalSigner } from "../../src/sdk";
import { externalKey, openKey, openSecret, transactionSigner, type Key } from "../../src/signer";
import { afterTest } from "../helpers/afterTest";
import { expectError } from "../helpers/errors";
import { DOMAIN, person } from "../helpers/service";
import { temporaryFolder } from "../helpers/temporaryFolder";

const { key: privateKey, address } = person("signer");
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
/** Milliseconds: however busy the machine, an answer that comes is in time; and one that never does is soon given up. */
const [PATIENCE, SHORT] = [90_000, 900];
const digest = keccakText("digest");
const text = { kind: "text", text: "hello" } as const;

/** Answers with what `answer` makes of each request; a GET says whose key it is. */
async function listening(
  context: Mocha.Context,
  answer: RequestListener,
  socket?: string,
): Promise<{ readonly url: string; readonly asked: { body: unknown; authorization?: string | undefined }[] }> {
  const asked: { body: unknown; authorization?: string | undefined }[] = [];
  const server = createServer((request, response) => {
    if (request.method === "GET") return void response.end(JSON.stringify({ address }));
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      asked.push({ body: JSON.parse(body) as unknown, authorization: request.headers.authorization });
      answer(request, response);
    });
  });
  server.listen(socket ?? { port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  afterTest(context, () => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = (socket === undefined ? server.address() : {}) as AddressInfo;
  return { url: socket === undefined ? `http://127.0.0.1:${port}/key` : `unix:${socket}:/key`, asked };
}

const answering =
  (signature: string): RequestListener =>
  (_, response) =>
    void response.end(JSON.stringify({ signature }));

/** The same signature with the other s, and the other v for it: it recovers the same key. */
function malleated(signature: Signature): string {
  const s = ORDER - BigInt(`0x${signature.slice(66, 130)}`);
  return signature.slice(0, 66) + s.toString(16).padStart(64, "0") + (signature.endsWith("1b") ? "1c" : "1b");
}

describe("an external key", () => {
  const right = sign(digest, privateKey);

  it("is asked for a signature with the digest and what it is of, over a socket and over HTTP with a password", async function () {
    const socket = path.join(temporaryFolder(this), "signer.sock");
    for (const place of [await listening(this, answering(right), socket), await listening(this, answering(right))]) {
      const withPassword = place.url.replace("http://", "http://star:a%20secret@");
      const key = await externalKey(withPassword, PATIENCE);
      const value = { root: digest, amount: 2n ** 100n, humble: true };
      const signature = await key.sign(digest, { kind: "message", domain: DOMAIN, type: "Batch", value });
      expect([key.address, signature]).to.deep.equal([address, right]);
      const fields = { root: digest, amount: String(2n ** 100n), humble: true };
      const asked = { kind: "message", digest, chainId: "31337", hub: DOMAIN.hub, type: "Batch", value: fields };
      const authorization = `Basic ${Buffer.from("star:a secret").toString("base64")}`;
      expect(place.asked).to.deep.equal([
        { body: asked, authorization: place.url.startsWith("http") ? authorization : undefined },
      ]);
    }
  });

  const reason = "the answer is not as docs/SIGNER.md says";
  const WRONG: Readonly<Record<string, [RequestListener, Record<string, unknown>]>> = {
    "is by another key": [
      answering(sign(digest, person("mallory").key)),
      { reason: "the signature is another's", got: person("mallory").address, want: address },
    ],
    "is of another digest": [
      answering(sign(keccakText("another"), privateKey)),
      { reason: "the signature is another's" },
    ],
    "is malleated": [answering(malleated(right)), { reason: "the signature is malformed, or its s is high" }],
    "has a v of 0 or 1": [
      answering(`${right.slice(0, -2)}00`),
      { reason: "the signature is malformed, or its s is high" },
    ],
    "has a byte too many": [answering(`${right}00`), { reason }],
    "is not there": [(_, response) => void response.end("{}"), { reason }],
    "is no JSON": [(_, response) => void response.end(right), { reason }],
    "is refused": [(_, response) => void response.writeHead(403).end(), { status: 403 }],
    "is said to be elsewhere": [
      (_, response) => void response.writeHead(302, { location: "http://127.0.0.1:1" }).end(),
      { status: 302 },
    ],
  };
  for (const [what, [answer, details]] of Object.entries(WRONG)) {
    it(`case 6: gives no signature that ${what}, and is asked once`, async function () {
      const { url, asked } = await listening(this, answer);
      const key = await externalKey(url, PATIENCE);
      await expectError(() => key.sign(digest, text), "signer_refused", { signer: url, ...details });
      expect(asked).to.have.length(1);
    });
  }

  const AWAY: Readonly<Record<string, [RequestListener, string]>> = {
    fails: [(_, response) => void response.writeHead(500).end(), "status 500"],
    "is busy": [(_, response) => void response.writeHead(429).end(), "status 429"],
    "hangs up": [(request) => void request.socket.destroy(), "ECONNRESET"],
    "says nothing": [() => undefined, "no answer in time"],
    "never stops": [(_, response) => void response.end("x".repeat(70_000)), "the answer is too long"],
  };
  for (const [what, [answer, reason]] of Object.entries(AWAY)) {
    it(`that ${what} is asked three times, then is unavailable, which can be tried again`, async function () {
      const { url, asked } = await listening(this, answer);
      const key = await externalKey(url, what === "says nothing" ? SHORT : PATIENCE);
      const began = performance.now();
      const error = await expectError(() => key.sign(digest, text), "signer_unavailable", { signer: url, reason });
      expect([error.retryable, error.status, asked.length]).to.deep.equal([true, 503, 3]);
      expect(performance.now() - began).to.be.lessThan(20 * SHORT);
    });
  }

  it("signs when it is back within the time", async function () {
    let tries = 0;
    const { url } = await listening(this, (request, response) => {
      if ((tries += 1) < 3) request.socket.destroy();
      else answering(right)(request, response);
    });
    expect(await (await externalKey(url, PATIENCE)).sign(digest, text)).to.equal(right);
  });

  it("is not there at the start: it is named, without its password", async () => {
    const error = await expectError(
      () => externalKey("http://star:hunter2@127.0.0.1:1/", PATIENCE),
      "signer_unavailable",
      {
        signer: "http://127.0.0.1:1/",
        reason: "ECONNREFUSED",
      },
    );
    expect(error.message).not.to.include("hunter2");
    await expectError(() => externalKey("http://signer.example/", PATIENCE), "invalid_input");
  });

  it("signs transactions that are the sender's, and texts and messages of an SDK's account", async function () {
    const asked: { kind: string; digest: Hash }[] = [];
    const answer: RequestListener = (_, response) => {
      response.end(JSON.stringify({ signature: sign(asked.at(-1)!.digest, privateKey) }));
    };
    const place = await listening(this, (request, response) => {
      asked.push(place.asked.at(-1)!.body as never);
      answer(request, response);
    });
    const key: Key = await externalKey(place.url, PATIENCE);
    const transaction = Transaction.from({ type: 2, chainId: 31337n, nonce: 7, to: DOMAIN.hub, gasLimit: 21_000n });
    const raw = await transactionSigner(key).signTransaction(transaction);
    expect(Transaction.from(raw).from!.toLowerCase()).to.equal(address);
    const signer = await externalSigner(place.url, PATIENCE);
    expect(await signer.signText("sign in")).to.equal(sign(textDigest("sign in"), privateKey));
    expect(place.asked.map(({ body }) => body)).to.deep.equal([
      { kind: "transaction", digest: transaction.unsignedHash, transaction: transaction.unsignedSerialized },
      { kind: "text", digest: textDigest("sign in"), text: "sign in" },
    ]);
  });

  it("keeps a secret", async function () {
    const server = createServer((_, response) => response.end(JSON.stringify({ secret: "sixteen characters" })));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    afterTest(this, () => {
      server.close();
      server.closeAllConnections();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await openSecret(url, PATIENCE)).to.equal("sixteen characters");
    await expectError(() => openKey(url, { passphrase: null, patience: PATIENCE }), "signer_refused", { reason });
  });
});
