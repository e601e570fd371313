// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {Hub_InsufficientGas, Hub_NotToken, Hub_WrongValue} from "../interfaces/IHubErrors.sol";

/// @notice Moves ERC-20 tokens and, as the zero address, the chain's native coin.
library TokenTransfer {
    /// What a recipient or token may burn in one payout.
    uint256 internal constant GAS = 200_000;

    /// What a mint may burn, its checks included.
    uint256 internal constant MINT_GAS = 400_000;

    /// @notice Takes `amount` from the sender and returns what arrived.
    function pull(address token, uint256 amount) internal returns (uint256) {
        if (token == address(0)) {
            if (msg.value != amount) revert Hub_WrongValue(msg.value, amount);
            return amount;
        }
        if (msg.value != 0) revert Hub_WrongValue(msg.value, 0);
        return pullTokens(token, amount);
    }

    /// @notice Takes `amount` of an ERC-20 token from the sender and returns what arrived.
    function pullTokens(address token, uint256 amount) internal returns (uint256) {
        uint256 before = _held(token);
        SafeERC20.safeTransferFrom(IERC20(token), msg.sender, address(this), amount);
        return _held(token) - before;
    }

    /// @notice Pays with bounded gas and never reverts because of the token or recipient; false: nothing was paid.
    function tryPush(address token, address to, uint256 amount) internal returns (bool) {
        requireGas(GAS);
        return _push(token, to, amount, GAS);
    }

    /// @notice Nobody can make a payout fail by sending too little gas along.
    function requireGas(uint256 gas) internal view {
        if ((gasleft() * 63) / 64 < gas) revert Hub_InsufficientGas(gasleft(), (gas * 64) / 63 + 1);
    }

    /// @notice Pays with all gas there is; false: nothing was paid.
    function push(address token, address to, uint256 amount) internal returns (bool) {
        return _push(token, to, amount, gasleft());
    }

    /// Copies at most one word of what comes back, so that no answer can be too long to pay for.
    function _push(address token, address to, uint256 amount, uint256 gasLimit) private returns (bool ok) {
        bytes4 selector = IERC20.transfer.selector;
        assembly ("memory-safe") {
            switch token
            case 0 {
                ok := call(gasLimit, to, amount, 0, 0, 0, 0)
            }
            default {
                let p := mload(0x40)
                mstore(p, selector)
                mstore(add(p, 4), to)
                mstore(add(p, 36), amount)
                ok := call(gasLimit, token, 0, p, 68, 0, 32)
                switch returndatasize()
                case 0 {
                    ok := and(ok, gt(extcodesize(token), 0))
                }
                default {
                    ok := and(ok, and(gt(returndatasize(), 31), eq(mload(0), 1)))
                }
            }
        }
    }

    /// What the hub holds; a token that does not say so is no token.
    function _held(address token) private view returns (uint256 amount) {
        bytes4 selector = IERC20.balanceOf.selector;
        bool ok;
        assembly ("memory-safe") {
            mstore(0, selector)
            mstore(4, address())
            ok := and(gt(returndatasize(), 31), staticcall(gas(), token, 0, 36, 0, 32))
            amount := mload(0)
        }
        if (!ok) revert Hub_NotToken(token);
    }
}
