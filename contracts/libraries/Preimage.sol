// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Preimages of exactly 32 bytes under SHA-256, as on Bitcoin and Lightning (protocol section 7).
library Preimage {
    /// @dev The precompile fails for want of gas only.
    function hash(bytes32 preimage) internal view returns (bytes32 result) {
        assembly ("memory-safe") {
            mstore(0, preimage)
            if iszero(staticcall(gas(), 2, 0, 32, 0, 32)) {
                revert(0, 0)
            }
            result := mload(0)
        }
    }
}
