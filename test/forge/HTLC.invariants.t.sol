// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {HTLCHandler} from "./helpers/HTLCHandler.sol";

/// @notice The HTLC under random locks, claims and refunds of tokens and native coin by four parties, and passing time. The
/// numbers are those of docs/INVARIANTS.md.
contract HTLCInvariants {
    HTLCHandler private handler;

    function setUp() external {
        handler = new HTLCHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// 13: what the contract holds of a token is the sum of its live locks.
    function invariant_13_the_htlc_holds_exactly_its_live_locks() external view {
        handler.checkHeld();
    }

    /// 13: nobody has more or less than its own locks, claims and refunds come to.
    function invariant_13_nobody_gets_anything_else() external view {
        handler.checkBalances();
    }

    /// 13: a lock ends once, and until then is what it was made as.
    function invariant_13_a_lock_ends_once() external view {
        handler.checkLocks();
    }
}
