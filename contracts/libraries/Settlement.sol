// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Who is due what (protocol sections 5 and 6), in integers so wide that no field can overflow them.
library Settlement {
    /// @notice U's due: `X` with the greatest proven value of a note and what of U's locks was claimed; `p`, what S owes
    /// beyond dispute, with S's own note and all of U's locks.
    /// @param funded Deposited minus withdrawn.
    /// @param noteCredited What the state has folded in.
    /// @param best The value of the note that counts.
    /// @param outgoing What U's locks take.
    function due(
        int256 funded,
        int128 net,
        uint128 noteCredited,
        uint256 best,
        uint256 outgoing
    ) internal pure returns (uint256) {
        unchecked {
            // Every term is below 2^137.
            uint256 incoming = best > noteCredited ? best - noteCredited : 0;
            int256 sum = funded + net + int256(incoming) - int256(outgoing);
            return sum > 0 ? uint256(sum) : 0;
        }
    }

    /// @notice What a user's cheat forfeits, as far as a watchtower shares in it: `net` is the evidence's.
    function forfeit(int256 funded, int128 net, uint256 collateral) internal pure returns (uint256) {
        return min(collateral, due(funded, net, 0, 0, 0));
    }

    function min(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }

    function max(uint256 a, uint256 b) internal pure returns (uint256) {
        return a > b ? a : b;
    }
}
