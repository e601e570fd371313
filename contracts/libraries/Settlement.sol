// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {State} from "../types/Messages.sol";

/// @notice Who is due what (protocol sections 5 and 6), in integers so wide that no field can overflow them.
library Settlement {
    /// @notice What S owes U beyond dispute when S closes: `p`.
    function undisputed(int256 funded, State memory s, uint128 noteCredited) internal pure returns (uint256) {
        int256 incoming = _positive(int256(uint256(noteCredited)) - int256(uint256(s.noteCredited)));
        return uint256(_positive(funded + s.net + incoming - int256(uint256(s.locked))));
    }

    /// @notice U's due `X`: `best` is the greatest proven value of a note, `outgoing` what of U's locks was claimed.
    function due(int256 funded, State memory s, uint256 best, uint256 outgoing) internal pure returns (uint256) {
        int256 incoming = _positive(int256(best) - int256(uint256(s.noteCredited)));
        return uint256(_positive(funded + s.net + incoming - int256(outgoing)));
    }

    /// @notice What a user's cheat forfeits, as far as a watchtower shares in it: `s` is the evidence.
    function forfeit(int256 funded, int128 net, uint256 collateral) internal pure returns (uint256) {
        return min(collateral, uint256(_positive(funded + net)));
    }

    function min(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }

    function max(uint256 a, uint256 b) internal pure returns (uint256) {
        return a > b ? a : b;
    }

    function _positive(int256 x) private pure returns (int256) {
        return x > 0 ? x : int256(0);
    }
}
