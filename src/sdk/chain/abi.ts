import { Interface } from "ethers";

// The calls, events and errors of the contracts that a wallet needs; a test holds them against the contracts.

const REF = "(address system, address user, address token) ref";
const STATE =
  "(uint64 version, int128 net, uint64 noteSeq, uint128 noteCredited, uint128 locked, uint64 locksExpiry, bytes32 locksRoot, bytes32 memo)";
const NOTE = "(uint64 seq, uint128 credited, uint128 locked, uint64 locksExpiry, bytes32 locksRoot, bytes32 memo)";
const RECORD = "(uint256 close, uint256 note, uint256 funds, uint256 paid, bytes32 stateHash) record";
const LOCKS = "(uint64 index, bytes32 hash, uint128 amount, uint64 expiry, bytes32 preimage, bytes32[] proof)[] locks";
const SHOWN = "(uint136 value, uint64 seq, uint40 locksExpiry) shown";
const ORDER = "(address party, bool humble, uint64 deadline, bytes signature) order";

const CHANNEL =
  "(bytes32 id, uint32 epoch, bool closing, uint256 deposited, uint256 collateral, uint256 withdrawn, uint256 reclaimed, " +
  `uint64 checkpoint, uint216 disputeHash, bool replaced, uint64 standingVersion, ${SHOWN}, bool systemCheated, ` +
  "uint256 nextDeposited, uint256 nextCollateral)";
const ASSET =
  "(uint128 reserve, uint8 backing, uint32 challengePeriod, uint32 claimWindow, uint32 lockLimit, bool indebted, " +
  "uint128 award, uint128 staleFee, uint128 bond, uint128 awarded, uint64 systemCloses, uint64 lastSystemClose, " +
  "uint64 claimCount, uint64 awardCount, uint256 claimed, uint256 funded)";

export const HUB = new Interface([
  `function channelOf(${REF}) view returns (${CHANNEL})`,
  `function assetOf(address system, address token) view returns (${ASSET})`,
  "function isSigner(address system, address signer) view returns (bool)",
  "function noticeOf(address system, uint8 kind, address token) view returns ((uint256 value, uint64 givenAt))",
  "function userSigner(bytes32 id) view returns (address)",
  "function registry() view returns (address)",
  "function owed(address token, address recipient) view returns (uint256)",
  "function claimOf(address system, address token, uint256 index) view returns ((address recipient, uint256 start, uint256 amount))",
  "function awardOf(address system, address token, uint256 index) view returns ((address recipient, uint64 ripeAt, uint128 amount))",
  "function provenLocks(bytes32 treeHash) view returns (uint128)",

  `function deposit(${REF}, uint256 amount) payable`,
  `function withdraw(${REF}, (uint128 withdrawn, uint128 reclaimed, address recipient, uint64 deadline) withdrawal, bytes userSignature, bytes systemSignature)`,
  `function closeCooperatively(${REF}, (int128 net, uint64 deadline) closing, bytes userSignature, bytes systemSignature)`,
  `function close(${REF}, ${STATE} state, ${NOTE} note, bytes stateSignature, bytes noteSignature, ${ORDER}) payable`,
  `function challenge(${REF}, ${RECORD}, ${STATE} state, bytes userSignature, bytes systemSignature, bytes appointment)`,
  `function prove(${REF}, ${RECORD}, ${STATE} standing, ${NOTE} note, bytes systemSignature, ${LOCKS}, bytes appointment)`,
  `function settle(${REF}, ${RECORD}, ${STATE} standing)`,
  `function checkpoint(${REF}, ${STATE} state, bytes userSignature, bytes systemSignature)`,
  "function collectOwed(address token, address to)",
  "function collectClaim(address system, address token, uint256 index)",
  "function collectAward(address system, address token, uint256 index)",

  `event ChannelClosing(bytes32 indexed id, address indexed system, ${RECORD})`,
  "event Deposited(bytes32 indexed id, uint256 amount)",
  "event Withdrawn(bytes32 indexed id, uint256 amount, uint256 reclaimed)",
  "event StateReplaced(bytes32 indexed id, uint64 version, bytes32 stateHash)",
  "event StateCheckpointed(bytes32 indexed id, uint64 version)",

  "error Hub_InvalidAddress(address account)",
  "error Hub_UnknownAsset(address system, address token)",
  "error Hub_WrongValue(uint256 got, uint256 want)",
  "error Hub_NothingToMove()",
  "error Hub_NotToken(address token)",
  "error Hub_AmountTooLarge(uint256 got, uint256 max)",
  "error Hub_InsufficientGas(uint256 got, uint256 want)",
  "error Hub_TransferFailed(address token, address recipient, uint256 amount)",
  "error Hub_ChannelClosing(bytes32 id)",
  "error Hub_ChannelOpen(bytes32 id)",
  "error Hub_WrongDispute(bytes32 id, uint216 got, uint216 want)",
  "error Hub_WrongState(bytes32 id, bytes32 got)",
  "error Hub_BadDeadline(uint64 deadline, uint256 min, uint256 max)",
  "error Hub_InvalidUserSignature(bytes32 id, bytes32 structHash)",
  "error Hub_InvalidSystemSignature(bytes32 id, bytes32 structHash)",
  "error Hub_NotEvidence(bytes32 id)",
  "error Hub_Stale(bytes32 id, uint256 got, uint256 want)",
  "error Hub_NotAllowed(address sender)",
  "error Hub_StaleWithdrawal(bytes32 id, uint256 withdrawn, uint256 reclaimed)",
  "error Hub_InsufficientCollateral(bytes32 id, uint256 got, uint256 want)",
  "error Hub_NotNow(uint256 from, uint256 until)",
  "error Hub_InvalidAppointment(bytes32 id, address tower)",
  "error Hub_InvalidLockProof(uint256 index)",
  "error Hub_WrongPreimage(uint256 index)",
  "error Hub_LockExpired(uint256 index, uint256 time, uint256 until)",
]);

export const REGISTRY = new Interface([
  "function revealedAt(bytes32 hash) view returns (uint256)",
  "function reveal(bytes32 preimage)",
  "function revealMany(bytes32[] preimages)",
]);

export const TOKEN = new Interface([
  "function decimals() view returns (uint8)",
  "function symbol() view returns (string)",
  "function balanceOf(address account) view returns (uint256)",
  "function allowance(address owner, address spender) view returns (uint256)",
  "function approve(address spender, uint256 value) returns (bool)",
]);

export const ISSUED_TOKEN = new Interface([
  "function cap() view returns (uint256)",
  "function totalSupply() view returns (uint256)",
]);

export const ANCHOR = new Interface([
  "function isAnchored(address system, address token, uint64 period, bytes32 root, uint128 total) view returns (bool)",
  "function recordedAt(address system, bytes32 topic, bytes32 hash) view returns (uint256)",
]);
