// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Backing} from "./Asset.sol";

/// The first slot of a channel. Open: `epoch 29 | backing 2 | 0 | deposited 112 | collateral 112`.
/// Closing: `epoch 29 | 0 | 1 | flags 8 | hash of the dispute 216`: the frozen amounts move into the dispute record,
/// so that a close rewrites one slot instead of filling new ones.
/// `backing` is the asset's, which never changes, once money has come in: a top-up need not look it up again.
type Head is uint256;

using HeadLib for Head global;

library HeadLib {
    uint256 private constant CLOSING = 1 << 224;
    uint256 private constant AMOUNT = type(uint112).max;
    uint256 private constant HASH = type(uint216).max;

    /// A newer state stands in the channel's second slot.
    uint8 internal constant REPLACED = 1;
    /// The channel's third slot holds the best note and the latest expiry shown.
    uint8 internal constant SHOWN = 2;
    /// Money has come in for the next epoch.
    uint8 internal constant FUNDED = 4;
    /// A note proved that S cheated.
    uint8 internal constant CHEATED = 8;
    /// U's watchtower has a reward to come.
    uint8 internal constant REWARD = 16;

    function open(
        uint256 epoch_,
        Backing backing_,
        uint256 deposited_,
        uint256 collateral_
    ) internal pure returns (Head) {
        return Head.wrap((epoch_ << 227) | (uint256(backing_) << 225) | (deposited_ << 112) | collateral_);
    }

    function closing(uint256 epoch_, uint216 dispute) internal pure returns (Head) {
        return Head.wrap((epoch_ << 227) | CLOSING | dispute);
    }

    function epoch(Head self) internal pure returns (uint256) {
        return Head.unwrap(self) >> 227;
    }

    function backing(Head self) internal pure returns (Backing) {
        return Backing((Head.unwrap(self) >> 225) & 3);
    }

    function isClosing(Head self) internal pure returns (bool) {
        return Head.unwrap(self) & CLOSING != 0;
    }

    function deposited(Head self) internal pure returns (uint256) {
        return (Head.unwrap(self) >> 112) & AMOUNT;
    }

    function collateral(Head self) internal pure returns (uint256) {
        return Head.unwrap(self) & AMOUNT;
    }

    function disputeHash(Head self) internal pure returns (uint216) {
        return uint216(Head.unwrap(self) & HASH);
    }

    function withCollateral(Head self, uint256 collateral_) internal pure returns (Head) {
        return Head.wrap((Head.unwrap(self) & ~AMOUNT) | collateral_);
    }

    function has(Head self, uint8 flag) internal pure returns (bool) {
        return (Head.unwrap(self) >> 216) & flag != 0;
    }

    function with(Head self, uint8 flag) internal pure returns (Head) {
        return Head.wrap(Head.unwrap(self) | (uint256(flag) << 216));
    }
}
