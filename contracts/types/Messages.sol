// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// What the parties sign, without the channel id: the hub derives the id of the channel it acts on and hashes it in,
/// so a message of another channel, epoch, token or party can never verify.

/// @notice Names a channel of the current epoch.
struct ChannelRef {
    address system;
    address user;
    address token;
}

/// @notice Signed by U, then countersigned by S: then it is complete. All zero is the empty state of version 0.
struct State {
    uint64 version;
    int128 net;
    uint64 noteSeq;
    uint128 noteCredited;
    uint128 locked;
    uint64 locksExpiry;
    bytes32 locksRoot;
    bytes32 memo;
}

/// @notice S's promise to U, signed by S alone. All zero is no note.
struct Note {
    uint64 seq;
    uint128 credited;
    uint128 locked;
    uint64 locksExpiry;
    bytes32 locksRoot;
    bytes32 memo;
}

/// @notice Totals after a withdrawal, signed by both parties.
struct Withdrawal {
    uint128 withdrawn;
    uint128 reclaimed;
    address recipient;
    uint64 deadline;
}

/// @notice A cooperative end of the epoch, signed by both parties.
struct Closing {
    int128 net;
    uint64 deadline;
}

/// @notice A unilateral close by `party`; unsigned when `party` itself is the sender.
struct CloseOrder {
    address party;
    bool humble;
    uint64 deadline;
    bytes signature;
}

/// @notice What the victim of a cheat grants its watchtower out of the forfeit.
struct Appointment {
    address tower;
    uint16 shareBps;
    uint64 until;
}

/// @notice One lock of a tree with its path, and the preimage, or zero where the registry holds it.
struct LockProof {
    uint64 index;
    bytes32 hash;
    uint128 amount;
    uint64 expiry;
    bytes32 preimage;
    bytes32[] proof;
}

/// @notice One withdrawal of a batch of the sending system.
struct WithdrawalItem {
    address user;
    Withdrawal withdrawal;
    bytes userSignature;
}
