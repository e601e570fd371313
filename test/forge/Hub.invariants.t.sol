// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Check} from "./helpers/Forge.sol";
import {HubHandler} from "./helpers/HubHandler.sol";

/// @notice The hub under random calls by honest and hostile users, an honest and a hostile system, and passing time,
/// held against a ledger of its own. The numbers are those of docs/INVARIANTS.md.
contract HubInvariants {
    HubHandler private handler;

    function setUp() external {
        handler = new HubHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// 1: every token that came in is in some account of the hub, or was paid out.
    function invariant_1_the_hub_holds_exactly_what_its_books_say() external view {
        Check.equal(handler.held(), handler.booked(), "tokens held and booked");
    }

    /// 2: an honest user gets at least its balance, with nothing but its own evidence and a challenge in time.
    function invariant_2_an_honest_user_never_gets_less_than_its_balance() external view {
        Check.equal(handler.usersShort(), 0, "users who got less than their balance");
    }

    /// 3: an honest system never pays more than the latest states and notes oblige it to.
    function invariant_3_an_honest_system_never_pays_more_than_it_owes() external view {
        Check.equal(handler.systemOverpaid(), 0, "channels that paid too much");
    }

    /// 4 and 5: who closes with the latest is never penalised, who closes with a revoked state always, when challenged.
    function invariant_4_5_penalties_hit_the_cheat_and_nobody_else() external view {
        Check.equal(handler.wrongPenalties(), 0, "penalties on the honest");
        Check.equal(handler.missedPenalties(), 0, "cheats that went free");
    }

    /// The search must reach the states that it is about.
    function afterInvariant() external view {
        Check.yes(handler.calls() != 0, "no call was made");
    }
}
