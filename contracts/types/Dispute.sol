// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What a close fixed for good; times in Unix seconds.
struct Dispute {
    uint40 challengeEnd;
    // No lock counts as further away: close time + lock limit.
    uint40 lockEnd;
    // The latest expiry, so capped, of the judged state's and note's locks.
    uint40 locksExpiry;
    uint24 claimWindow;
    bool bySystem;
    bool humble;
    // The judged state.
    uint64 version;
    uint64 noteSeq;
    bytes32 stateHash;
    // The judged note; the folded one where the close brought no newer.
    uint64 seq;
    uint128 credited;
    // Deposited minus withdrawn.
    int256 funded;
    // What the channel holds after `paid` left.
    uint256 collateral;
    // U's undisputed due, paid at once when S closed.
    uint256 paid;
}

/// @notice A dispute as it travels, packed. The hub keeps only its hash; whoever acts on the close passes the record, which
/// the `ChannelClosing` event published. Nothing in it changes, so no front-runner can make a pending answer stale.
struct DisputeRecord {
    // `humble 1 | bySystem 1 | noteSeq 64 | version 64 | lockEnd 40 | challengeEnd 40`
    uint256 close;
    // `claimWindow 24 | locksExpiry 40 | credited 128 | seq 64`
    uint256 note;
    // `funded 144, signed | collateral 112`
    uint256 funds;
    uint256 paid;
    bytes32 stateHash;
}

/// @notice The best note shown since the close, and the latest capped lock expiry of anything shown.
struct Shown {
    // Wide enough for `credited + locked`.
    uint136 value;
    uint64 seq;
    uint40 locksExpiry;
}

/// @notice The watchtower that proved S's cheat with U's appointment.
struct Reward {
    address tower;
    uint16 shareBps;
}

library DisputeLib {
    function pack(Dispute memory self) internal pure returns (DisputeRecord memory record) {
        record.close =
            uint256(self.challengeEnd) |
            (uint256(self.lockEnd) << 40) |
            (uint256(self.version) << 80) |
            (uint256(self.noteSeq) << 144) |
            (self.bySystem ? 1 << 208 : 0) |
            (self.humble ? 1 << 209 : 0);
        record.note =
            uint256(self.seq) |
            (uint256(self.credited) << 64) |
            (uint256(self.locksExpiry) << 192) |
            (uint256(self.claimWindow) << 232);
        // Neither deposits nor withdrawals reach 2^128, nor collateral 2^112: see `Head` and `Paid`.
        record.funds = self.collateral | (uint256(self.funded) << 112);
        record.paid = self.paid;
        record.stateHash = self.stateHash;
    }

    function challengeEnd(DisputeRecord calldata self) internal pure returns (uint40) {
        return uint40(self.close);
    }

    function lockEnd(DisputeRecord calldata self) internal pure returns (uint40) {
        return uint40(self.close >> 40);
    }

    function version(DisputeRecord calldata self) internal pure returns (uint64) {
        return uint64(self.close >> 80);
    }

    function noteSeq(DisputeRecord calldata self) internal pure returns (uint64) {
        return uint64(self.close >> 144);
    }

    function bySystem(DisputeRecord calldata self) internal pure returns (bool) {
        return (self.close >> 208) & 1 != 0;
    }

    function humble(DisputeRecord calldata self) internal pure returns (bool) {
        return (self.close >> 209) & 1 != 0;
    }

    function seq(DisputeRecord calldata self) internal pure returns (uint64) {
        return uint64(self.note);
    }

    function credited(DisputeRecord calldata self) internal pure returns (uint128) {
        return uint128(self.note >> 64);
    }

    function locksExpiry(DisputeRecord calldata self) internal pure returns (uint40) {
        return uint40(self.note >> 192);
    }

    function claimWindow(DisputeRecord calldata self) internal pure returns (uint24) {
        return uint24(self.note >> 232);
    }

    function collateral(DisputeRecord calldata self) internal pure returns (uint256) {
        return uint112(self.funds);
    }

    function funded(DisputeRecord calldata self) internal pure returns (int256) {
        return int256(self.funds) >> 112;
    }

    function hash(DisputeRecord memory self) internal pure returns (uint216 result) {
        assembly ("memory-safe") {
            result := and(keccak256(self, 160), sub(shl(216, 1), 1))
        }
    }

    function hashCalldata(DisputeRecord calldata self) internal pure returns (uint216 result) {
        assembly ("memory-safe") {
            let p := mload(0x40)
            calldatacopy(p, self, 160)
            result := and(keccak256(p, 160), sub(shl(216, 1), 1))
        }
    }
}
