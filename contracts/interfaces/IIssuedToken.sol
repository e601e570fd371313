// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title What the hub needs of a token of an `issued` asset
interface IIssuedToken {
    /// @notice The system that issues this token: only it may list the token as issued, and only for it the hub mints.
    function issuer() external view returns (address);

    /// @notice Mints `amount` to `to`; the hub holds the role for it.
    function mint(address to, uint256 amount) external;

    /// @notice Burns `amount` of the caller's tokens.
    function burn(uint256 amount) external;
}
