// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPreimageRegistry} from "./interfaces/IPreimageRegistry.sol";
import {Preimage} from "./libraries/Preimage.sol";

/// @title The registry of preimages
/// @notice Anyone may register; nothing is ever deleted.
contract PreimageRegistry is IPreimageRegistry {
    /// @inheritdoc IPreimageRegistry
    mapping(bytes32 hash => uint256 time) public revealedAt;

    /// @inheritdoc IPreimageRegistry
    function reveal(bytes32 preimage) external {
        _reveal(preimage);
    }

    /// @inheritdoc IPreimageRegistry
    function revealMany(bytes32[] calldata preimages) external {
        for (uint256 i = 0; i < preimages.length; ++i) _reveal(preimages[i]);
    }

    function _reveal(bytes32 preimage) private {
        bytes32 hash = Preimage.hash(preimage);
        if (revealedAt[hash] != 0) return;

        revealedAt[hash] = block.timestamp;

        emit PreimageRevealed(hash, preimage, block.timestamp);
    }
}
