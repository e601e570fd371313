// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title What the router needs of Uniswap's Permit2: transfers by a signature that binds a witness
interface IPermit2 {
    /// @notice The token and the most that may be taken of it.
    struct TokenPermissions {
        address token;
        uint256 amount;
    }

    /// @notice What the owner signs; the spender is the contract that calls.
    struct PermitTransferFrom {
        TokenPermissions permitted;
        uint256 nonce;
        uint256 deadline;
    }

    /// @notice Where the tokens go, and how many.
    struct SignatureTransferDetails {
        address to;
        uint256 requestedAmount;
    }

    /// @notice Transfers `owner`'s tokens if it signed `permit` and `witness` for the caller, once.
    function permitWitnessTransferFrom(
        PermitTransferFrom calldata permit,
        SignatureTransferDetails calldata transferDetails,
        address owner,
        bytes32 witness,
        string calldata witnessTypeString,
        bytes calldata signature
    ) external;
}
