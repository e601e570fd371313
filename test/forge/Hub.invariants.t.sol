// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {HubHandler} from "./handlers/HubHandler.sol";
import {Check} from "./helpers/Forge.sol";

/// @notice The hub under random calls by honest and hostile users, systems, tokens and strangers, and passing time, held
/// against a ledger of its own. The numbers are those of docs/INVARIANTS.md. Every contract below looks mostly at one
/// channel of that world.
abstract contract HubInvariants {
    HubHandler private handler;

    function setUp() external {
        handler = new HubHandler(_focus());
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// 1: every token that came in is in some account of the hub, or was paid out; nothing is free while a claim is open.
    /// 2: an honest user gets at least its balance, with nothing but its own evidence shown in time.
    /// 3: an honest system never pays more than the latest states and notes oblige it to.
    /// 4, 5: who closes with the latest is never penalised, who closes with what it revoked always, when challenged.
    /// 7: a message of another hub, channel, epoch, kind or signer is void.
    /// 8, 9: a settled epoch pays nothing but its claims; every close can be settled in bounded time.
    function invariant_1_2_3_4_5_7_8_9() external view {
        Check.yes(bytes(handler.violation()).length == 0, handler.violation());
        address[5] memory tokens = handler.tokens();
        for (uint256 i = 0; i < 5; ++i)
            Check.equal(handler.held(tokens[i]), handler.booked(tokens[i]), "1: held, booked");
        for (uint256 i = 0; i < handler.channels(); ++i) Check.yes(handler.agrees(i), "1: the hub's view of a channel");
        for (uint256 i = 0; i < handler.listed(); ++i) Check.yes(handler.solvent(i), "1: claims and awards come first");
    }

    function _focus() internal pure virtual returns (uint256);
}

contract CollateralInvariants is HubInvariants {
    function _focus() internal pure override returns (uint256) {
        return 0;
    }
}

contract IssuedInvariants is HubInvariants {
    function _focus() internal pure override returns (uint256) {
        return 2;
    }
}

contract HostileReserveInvariants is HubInvariants {
    function _focus() internal pure override returns (uint256) {
        return 3;
    }
}

contract ReserveInvariants is HubInvariants {
    function _focus() internal pure override returns (uint256) {
        return 4;
    }
}

contract HostileIssuedInvariants is HubInvariants {
    function _focus() internal pure override returns (uint256) {
        return 5;
    }
}

contract CoinInvariants is HubInvariants {
    function _focus() internal pure override returns (uint256) {
        return 6;
    }
}
