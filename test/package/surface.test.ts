import { execFileSync } from "node:child_process";

import { expect } from "chai";

import * as root from "../../src";
import { ERRORS, StarledgerError } from "../../src/errors";
import * as protocol from "../../src/protocol";
import * as sdk from "../../src/sdk";

describe("the package", () => {
  it("exports this and nothing else", () => {
    expect(Object.keys(sdk).sort()).to.deep.equal([
      ...[
        "Anchor",
        "ChainNode",
        "Client",
        "DisputeHub",
        "Exit",
        "FileStore",
        "Hub",
        "IndexedDbStore",
        "Refusal",
        "RpcError",
        "StarledgerError",
        "Wallet",
        "administrationApi",
        "backUp",
        "connect",
        "decodeSubmissionResult",
        "encodeSubmission",
        "evidenceOf",
        "externalSigner",
        "formatAmount",
        "formatRequest",
        "httpApi",
      ],
      ...[
        "httpProvider",
        "localSigner",
        "newKey",
        "operatorApi",
        "parseAmount",
        "parseRequest",
        "restore",
        "streamApi",
        "termsOfTower",
        "towerApi",
        "typedData",
        "verifyLiability",
        "verifyReceipt",
        "verifyWebhook",
        "walletSigner",
      ],
    ]);
    expect(Object.keys(protocol).sort()).to.deep.equal([...PROTOCOL].sort());
    const own = Object.keys(root).filter((name) => !(name in protocol));
    expect(own.sort()).to.deep.equal([
      "AccountService",
      "Caretaker",
      "ERRORS",
      "HubClient",
      "Keystore",
      "PreimageRegistryClient",
      "Services",
      "StarledgerError",
      "answered",
      "asStarledgerError",
      "connect",
      "encodeAppointment",
      "encodeChallenge",
      "encodeCollectOwed",
      "encodeProve",
      "encodeProveLocks",
      "encodeReveal",
      "encodeSettle",
      "encodeSystemClose",
      "fail",
      "isPublished",
      "lockProofs",
      "openStore",
      "readDeployment",
    ]);
  });

  it("docs/ERRORS.md names every error code, and no other", () => {
    execFileSync("npx", ["tsx", "scripts/errors.ts", "--check"]);
  });

  it("an error says what was got and what to do", () => {
    const error = new StarledgerError("stale_version", { got: "3", want: "4" });
    expect([error.code, error.status, error.retryable, error.details, error.hint]).to.deep.equal([
      "stale_version",
      409,
      false,
      { got: "3", want: "4" },
      ERRORS.stale_version.hint,
    ]);
    expect(error.message).to.equal("A state is not the next version. (got: 3, want: 4)");
  });
});

const PROTOCOL = [
  ...["NO_NODE", "STATEMENT_TOPIC", "hashStatement", "liabilitySalt", "sumParent"],
  ...["eventHash", "eventText", "journalHead", "journalStart", "verifyJournal"],
  ...[
    "BACKINGS",
    "JUMP",
    "DEFAULT_LOCK_POLICY",
    "INT128_MAX",
    "INT128_MIN",
    "NO_FUNDS",
    "SystemVerifier",
    "UINT128_MAX",
    "UINT256_MAX",
    "UINT64_MAX",
    "ZERO_ADDRESS",
    "ZERO_HASH",
  ],
  ...["addLock", "advanceNote", "advanceState", "amountFor", "checkExpiry", "checkInvoice", "checkLockLimit"],
  ...[
    "checkLocks",
    "hashOfPreimage",
    "holdsLock",
    "lockAt",
    "payeeExpiry",
    "payerExpiry",
    "paymentReference",
    "registerFrom",
    "requireEnded",
    "resynchronise",
    "withoutLock",
  ],
  ...[
    "addressOf",
    "available",
    "balance",
    "batchLeaf",
    "bestOf",
    "channelId",
    "checkClosing",
    "checkCredit",
    "checkDeadline",
  ],
  "checkInclusion",
  ...["checkNote", "checkOwnWithdrawal", "checkProposal", "checkWithdrawal", "defaultAllotment", "digest"],
  ...[
    "domainSeparator",
    "emptyNote",
    "emptyState",
    "encodeSystemSignature",
    "fromHex",
    "fromJson",
    "hashAppointment",
    "hashBatch",
    "hashClose",
  ],
  ...["hashClosing", "hashInvoice", "hashNote", "hashState", "hashWithdrawal", "keccak", "keccakBytes", "keccakText"],
  ...[
    "lockLeaf",
    "lockSummary",
    "lockTree",
    "locksThatCount",
    "maximum",
    "memoOf",
    "merkleTree",
    "minimum",
    "netOf",
    "nextNote",
    "nextState",
  ],
  ...[
    "noteValue",
    "numberOfPayment",
    "payOut",
    "positive",
    "positiveAmount",
    "processProof",
    "recover",
    "recoverSystem",
    "settle",
    "sign",
  ],
  ...["systemCheatedByNote", "systemCheatedByState", "systemDigest", "toAddress", "toHash", "toHex", "toJson"],
  ...["NO_FEES", "checkFeeSchedule", "checkFees", "decodeInvoice", "encodeInvoice", "feeFor", "feesIn", "withFees"],
  ...["checkWithdrawalFee", "withdrawalFee"],
  ...["sumCommitment", "sumLeafHash", "sumRoot", "sumTree"],
  ...["checksummed", "signInMessage", "textDigest"],
  ...["NO_CLAIMS", "answersTo", "claimsOf", "readDispute", "settleableFrom"],
  ...["checkRoute", "onwardInvoice"],
  ...["findState", "undisputedDue", "userCheated", "userForfeit", "within"],
];
