// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Preimage registry
/// @notice Records for everyone when a preimage became public (protocol section 7). `hash = sha256(preimage)`.
interface IPreimageRegistry {
    /// @notice `preimage` became public at `time`.
    event PreimageRevealed(bytes32 indexed hash, bytes32 preimage, uint256 time);

    /// @notice Registers `preimage`; a second registration changes nothing.
    function reveal(bytes32 preimage) external;

    /// @notice Registers many preimages.
    function revealMany(bytes32[] calldata preimages) external;

    /// @notice The timestamp of the block that first showed the preimage of `hash`; 0: never.
    function revealedAt(bytes32 hash) external view returns (uint256);
}
