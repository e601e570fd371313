// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// The second slot of a channel. Open: `checkpointed 8 | reclaimed 120 | withdrawn 128`.
/// Closing, once a newer state was shown: `version 64 | hash of that state 192`.
type Paid is uint256;

using PaidLib for Paid global;

library PaidLib {
    uint256 private constant CHECKPOINTED = 1 << 248;

    function totals(uint256 withdrawn_, uint256 reclaimed_, bool checkpointed_) internal pure returns (Paid) {
        return Paid.wrap(withdrawn_ | (reclaimed_ << 128) | (checkpointed_ ? CHECKPOINTED : 0));
    }

    function standing(uint64 version_, bytes32 stateHash) internal pure returns (Paid) {
        return Paid.wrap((uint256(version_) << 192) | uint192(uint256(stateHash)));
    }

    function withdrawn(Paid self) internal pure returns (uint256) {
        return uint128(Paid.unwrap(self));
    }

    function reclaimed(Paid self) internal pure returns (uint256) {
        return uint120(Paid.unwrap(self) >> 128);
    }

    function isCheckpointed(Paid self) internal pure returns (bool) {
        return Paid.unwrap(self) & CHECKPOINTED != 0;
    }

    function version(Paid self) internal pure returns (uint64) {
        return uint64(Paid.unwrap(self) >> 192);
    }
}
