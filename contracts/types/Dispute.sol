// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What a close fixed for good. The hub keeps only its hash; whoever acts on the close passes the record,
/// which the `ChannelClosing` event published. Nothing in it changes, so no front-runner can make a pending answer stale.
struct Dispute {
    // Deposited minus withdrawn.
    int256 funded;
    // What the channel holds after `paid` left.
    uint128 collateral;
    // U's undisputed due, paid at once when S closed.
    uint256 paid;
    uint64 closedAt;
    bool bySystem;
    bool humble;
    // The judged state.
    uint64 version;
    uint64 noteSeq;
    bytes32 stateHash;
    // The judged note; the folded one where the close brought no newer.
    uint64 seq;
    uint128 credited;
    // The latest capped lock expiry of both.
    uint56 locksExpiry;
}

/// @notice The best note shown since the close, and the latest capped lock expiry of anything shown.
struct Shown {
    // Wide enough for `credited + locked`.
    uint136 value;
    uint64 seq;
    uint56 locksExpiry;
}

/// @notice The watchtower that proved S's cheat with U's appointment.
struct Reward {
    address tower;
    uint16 shareBps;
}

library DisputeLib {
    function hash(Dispute calldata self) internal pure returns (uint216) {
        return uint216(uint256(keccak256(abi.encode(self))));
    }

    function hashMemory(Dispute memory self) internal pure returns (uint216) {
        return uint216(uint256(keccak256(abi.encode(self))));
    }
}
