// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

import {IIssuedToken} from "../interfaces/IIssuedToken.sol";

/// @title An issuer's token
/// @notice ERC-20 with permit. Tokens come into being only by a holder of `MINTER_ROLE`, up to a cap fixed for good:
/// the hub, when users withdraw. The issuer administers the role and owns nothing else.
contract IssuedToken is ERC20, ERC20Permit, ERC20Burnable, AccessControl, IIssuedToken {
    /// @notice May mint.
    bytes32 public constant MINTER_ROLE = keccak256("MINTER_ROLE");

    /// @inheritdoc IIssuedToken
    address public immutable issuer;

    /// @notice The supply never exceeds this, in base units.
    uint256 public immutable cap;

    uint8 private immutable _decimals;

    /// @notice Thrown when a mint would lift the supply to `supply`, above `cap`.
    error IssuedToken_CapExceeded(uint256 supply, uint256 cap);

    /// @param issuer_ Administers the minter role.
    /// @param decimals_ Decimals of the token.
    /// @param cap_ The largest supply, in base units.
    constructor(
        string memory name_,
        string memory symbol_,
        uint8 decimals_,
        address issuer_,
        uint256 cap_
    ) ERC20(name_, symbol_) ERC20Permit(name_) {
        issuer = issuer_;
        cap = cap_;
        _decimals = decimals_;
        _grantRole(DEFAULT_ADMIN_ROLE, issuer_);
    }

    /// @inheritdoc ERC20
    function decimals() public view override returns (uint8) {
        return _decimals;
    }

    /// @inheritdoc IIssuedToken
    function mint(address to, uint256 amount) external onlyRole(MINTER_ROLE) {
        uint256 supply = totalSupply() + amount;
        if (supply > cap) revert IssuedToken_CapExceeded(supply, cap);

        _mint(to, amount);
    }

    /// @inheritdoc ERC20Burnable
    function burn(uint256 amount) public override(ERC20Burnable, IIssuedToken) {
        super.burn(amount);
    }
}
