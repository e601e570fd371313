// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Hash time locks on chain, for those who have no channel (protocol section 7)
/// @notice `hash = sha256(preimage)` of exactly 32 bytes, as on Bitcoin and Lightning. While `block.timestamp < expiry` a
/// lock can be claimed and not refunded, from then on refunded and not claimed. Anyone may send either: the money goes to
/// the recipient, or back to the payer. Token zero is the chain's native coin.
///
/// A lock's id is the hash of (hash, token, recipient, payer). Its one slot holds the rest, and is freed when the lock
/// ends: that pays for a tenth of the claim. Two live locks never share an id, and only the payer can use its own, so
/// nobody can be kept from locking. An ended id may be locked again. That is a new lock of the payer's money, and nothing
/// given for the old one counts: a permission names the block of its lock, and a claim the amount it is for, so a payer
/// who locks less after its refund cannot buy the preimage with it.
///
/// Locked is what arrives: a token that takes a fee locks less than was sent. A token whose balances shrink by themselves
/// would leave the last claims short: do not lock one. Locks of one token never touch another's. A recipient or token
/// that refuses a payment makes that call revert and leaves the lock live; the recipient can have it paid elsewhere.
interface IHTLC {
    /// @notice One lock of a batch claim; token and recipient are the batch's.
    struct Claim {
        bytes32 preimage;
        uint256 amount;
        address payer;
    }

    /// @notice The money is locked; how much and until when, `lockOf` tells.
    event Locked(bytes32 indexed hash, address token, address recipient, address payer);
    /// @notice The recipient, or whom it named, is paid; the preimage is public.
    event Claimed(bytes32 indexed id, bytes32 preimage);
    /// @notice The payer has its money back.
    event Refunded(bytes32 indexed id);

    /// @notice Thrown when money would go to the zero address or this contract.
    error HTLC_InvalidRecipient(address account);
    /// @notice Thrown when a lock, or a claim of it, comes at or after its expiry.
    error HTLC_Expired(uint64 expiry, uint256 time);
    /// @notice Thrown when a refund comes before the expiry.
    error HTLC_NotExpired(uint64 expiry, uint256 time);
    /// @notice Thrown when the native coin sent is not what the call takes.
    error HTLC_WrongValue(uint256 got, uint256 want);
    /// @notice Thrown when nothing arrived, or more than a lock can hold.
    error HTLC_InvalidAmount(uint256 got, uint256 max);
    /// @notice Thrown when a lock with this id is live.
    error HTLC_LockExists(bytes32 id);
    /// @notice Thrown when no lock with this id and amount is live: it has ended, or a parameter or the preimage is wrong.
    error HTLC_UnknownLock(bytes32 id);
    /// @notice Thrown when not one lock of a batch can be claimed.
    error HTLC_NothingToClaim();
    /// @notice Thrown when a permission is used after its deadline.
    error HTLC_PermissionExpired(uint64 deadline, uint256 time);
    /// @notice Thrown when a permission is not the recipient's for this lock, sender and deadline.
    error HTLC_InvalidPermission(bytes32 id, address claimer);
    /// @notice Thrown when the payee or token refuses a payment.
    error HTLC_TransferFailed(address token, address to, uint256 amount);

    /// @notice Takes `amount` from the sender, who is the payer, as native coin or by its allowance.
    /// @param amount Base units; what arrives is locked, at most uint128.
    /// @param expiry Unix seconds.
    function lock(bytes32 hash, address token, uint256 amount, uint64 expiry, address recipient) external payable;

    /// @notice The same with an ERC-2612 permit of the sender for `amount`. A permit that fails is no failure if the
    /// allowance is there: anyone can use a permit that it sees in flight.
    function lockWithPermit(
        bytes32 hash,
        address token,
        uint256 amount,
        uint64 expiry,
        address recipient,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice Pays the recipient.
    /// @param amount Exactly what the lock holds.
    function claim(bytes32 preimage, address token, uint256 amount, address recipient, address payer) external;

    /// @notice Pays one recipient the sum of many locks of one token. What cannot be claimed is left out, so nobody can
    /// stop a batch by claiming one of its locks first. No other recipient is in it, so none can stop another.
    /// @return total What was paid.
    function claimMany(address token, address recipient, Claim[] calldata claims) external returns (uint256 total);

    /// @notice Pays whom the sender, who is the recipient, names.
    function claimTo(bytes32 preimage, address token, uint256 amount, address payer, address to) external;

    /// @notice Pays the sender, a relayer or router whom the recipient permitted to claim. Nobody else can use the
    /// permission; a plain claim may come first, which pays the recipient.
    /// @param deadline Last second of the permission.
    /// @param signature The recipient's on `Permission(bytes32 id,uint64 lockedAt,address claimer,uint64 deadline)`, with
    /// this contract and chain as domain; by ERC-1271 if the recipient is a contract.
    function claimWithPermission(
        bytes32 preimage,
        address token,
        uint256 amount,
        address recipient,
        address payer,
        uint64 deadline,
        bytes calldata signature
    ) external;

    /// @notice Pays the payer back.
    function refund(bytes32 hash, address token, address recipient, address payer) external;

    /// @notice A lock and its id.
    /// @return id The same whether the lock is live or not.
    /// @return amount What it holds; 0: it is not live.
    /// @return expiry Unix seconds.
    /// @return lockedAt Number of the block in which it was made.
    function lockOf(
        bytes32 hash,
        address token,
        address recipient,
        address payer
    ) external view returns (bytes32 id, uint256 amount, uint64 expiry, uint64 lockedAt);
}
