// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// What a live lock holds: `amount 128 | expiry 64 | block of the lock 64`; zero: there is none.
type Held is uint256;

using HeldLib for Held global;

library HeldLib {
    Held internal constant NONE = Held.wrap(0);

    /// @dev The caller has checked that the amount fits.
    function held(uint256 amount_, uint64 expiry_) internal view returns (Held) {
        return Held.wrap((amount_ << 128) | (uint256(expiry_) << 64) | uint64(block.number));
    }

    function isLive(Held self) internal pure returns (bool) {
        return Held.unwrap(self) != 0;
    }

    function amount(Held self) internal pure returns (uint256) {
        return Held.unwrap(self) >> 128;
    }

    function expiry(Held self) internal pure returns (uint64) {
        return uint64(Held.unwrap(self) >> 64);
    }

    function lockedAt(Held self) internal pure returns (uint64) {
        return uint64(Held.unwrap(self));
    }
}
