// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Settlement} from "../../contracts/libraries/Settlement.sol";

/// @notice What solc's model checker proves of the settlement for every value of every field (`npm run prove`). Arithmetic
/// that could overflow is a property by itself; the library's own is unchecked, so the first property is that it is right.
/// @dev Written as one function per property. A note's value has at most the sum of two fields of 128 bits, `credited` and
/// `locked`; what was deposited has 112 bits, what was withdrawn 128.
contract SettlementProof {
    uint256 private constant MOST = 2 * uint256(type(uint128).max);

    /// The same sum in checked arithmetic, which the checker proves not to overflow either.
    function dueIsTheExactSum(
        uint112 deposited,
        uint128 withdrawn,
        int128 net,
        uint128 noteCredited,
        uint256 value,
        uint128 outgoing
    ) external pure {
        require(value <= MOST);
        int256 funded = int256(uint256(deposited)) - int256(uint256(withdrawn));
        int256 incoming = int256(value) - int256(uint256(noteCredited));
        int256 sum = funded + net + (incoming > 0 ? incoming : int256(0)) - int256(uint256(outgoing));
        uint256 due = Settlement.due(funded, net, noteCredited, value, outgoing);
        assert(sum > 0 ? due == uint256(sum) : due == 0);
    }

    function dueRisesWithTheNote(
        uint112 deposited,
        uint128 withdrawn,
        int128 net,
        uint128 noteCredited,
        uint256 value,
        uint256 more,
        uint128 outgoing
    ) external pure {
        require(value <= more && more <= MOST);
        int256 funded = int256(uint256(deposited)) - int256(uint256(withdrawn));
        uint256 due = Settlement.due(funded, net, noteCredited, value, outgoing);
        assert(due <= Settlement.due(funded, net, noteCredited, more, outgoing));
    }

    function dueFallsWithOutgoingLocks(
        uint112 deposited,
        uint128 withdrawn,
        int128 net,
        uint128 noteCredited,
        uint256 value,
        uint128 outgoing,
        uint128 more
    ) external pure {
        require(value <= MOST && outgoing <= more);
        int256 funded = int256(uint256(deposited)) - int256(uint256(withdrawn));
        uint256 due = Settlement.due(funded, net, noteCredited, value, outgoing);
        assert(Settlement.due(funded, net, noteCredited, value, more) <= due);
    }

    /// An honest system's undisputed due is never more than the due: its note's value is at least what it credits, and no
    /// more outgoing locks count than are locked.
    function undisputedNeverExceedsTheDue(
        uint112 deposited,
        uint128 withdrawn,
        int128 net,
        uint128 noteCredited,
        uint128 credited,
        uint256 value,
        uint128 locked,
        uint128 outgoing
    ) external pure {
        require(credited <= value && value <= MOST && outgoing <= locked);
        int256 funded = int256(uint256(deposited)) - int256(uint256(withdrawn));
        uint256 undisputed = Settlement.due(funded, net, noteCredited, credited, locked);
        assert(undisputed <= Settlement.due(funded, net, noteCredited, value, outgoing));
    }

    /// What the hub pays at the close and at settlement, from the collateral and otherwise.
    function collateralIsSplitWithoutRest(uint112 collateral, uint256 paid, uint256 due) external pure {
        uint256 atClose = Settlement.min(paid, collateral);
        uint256 left = collateral - atClose;
        uint256 toUser = Settlement.max(due, paid) - paid;
        uint256 atSettlement = Settlement.min(toUser, left);
        uint256 rest = left - atSettlement;
        assert(atClose + atSettlement + rest == collateral);
        // With both payouts the user has the greater of due and paid; no payout exceeds what covers it.
        assert(paid + toUser == Settlement.max(due, paid));
        assert(atClose <= paid && atSettlement <= toUser);
        // The system gets what the due leaves.
        if (due <= collateral && paid <= due) assert(atClose + atSettlement == due && rest == collateral - due);
    }

    function forfeitNeverExceedsTheCollateral(
        uint112 deposited,
        uint128 withdrawn,
        int128 net,
        uint112 collateral
    ) external pure {
        int256 funded = int256(uint256(deposited)) - int256(uint256(withdrawn));
        assert(Settlement.forfeit(funded, net, collateral) <= collateral);
    }
}
