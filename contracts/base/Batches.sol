// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IHubBooks} from "../interfaces/IHubBooks.sol";
import {IHubChannels} from "../interfaces/IHubChannels.sol";
import {TokenTransfer} from "../libraries/TokenTransfer.sol";
import {Withdrawal, WithdrawalItem} from "../types/Messages.sol";
import {HubStorage} from "./HubStorage.sol";

/// @title Many withdrawals at once (protocol section 9)
abstract contract Batches is IHubBooks, HubStorage {
    /// What one withdrawal of a batch may burn before it counts as failed.
    uint256 private constant ITEM_GAS = 900_000;

    /// @inheritdoc IHubBooks
    function withdrawBatch(address token, WithdrawalItem[] calldata items) external nonReentrantView {
        for (uint256 i = 0; i < items.length; ++i) {
            // Without this an estimate of the gas would find the least with which items fail, not succeed.
            TokenTransfer.requireGas(ITEM_GAS);
            if (!_tryWithdraw(token, items[i])) _reportFailure(token, items[i].user);
        }
    }

    /// @dev The hub's own `withdraw(ref, withdrawal, userSignature, "")`, still by the sending system, which therefore need not
    /// sign. Only what differs from item to item is encoded.
    function _tryWithdraw(address token, WithdrawalItem calldata item) private returns (bool done) {
        bytes4 selector = IHubChannels.withdraw.selector;
        address user = item.user;
        Withdrawal calldata withdrawal = item.withdrawal;
        bytes calldata signature = item.userSignature;
        assembly ("memory-safe") {
            let p := mload(0x40)
            mstore(p, selector)
            mstore(add(p, 4), caller())
            mstore(add(p, 36), user)
            mstore(add(p, 68), token)
            calldatacopy(add(p, 100), withdrawal, 128)
            // Where the user's signature and the empty one of the system begin.
            mstore(add(p, 228), 320)
            mstore(add(p, 260), 288)
            mstore(add(p, 292), 0)
            mstore(add(p, 324), signature.length)
            calldatacopy(add(p, 356), signature.offset, signature.length)
            done := delegatecall(ITEM_GAS, address(), p, add(356, signature.length), 0, 0)
        }
    }

    function _reportFailure(address token, address user) private {
        bytes memory reason;
        assembly ("memory-safe") {
            reason := mload(0x40)
            mstore(reason, returndatasize())
            returndatacopy(add(reason, 32), 0, returndatasize())
            mstore(0x40, add(reason, and(add(returndatasize(), 63), not(31))))
        }
        emit WithdrawalFailed(msg.sender, token, user, reason);
    }
}
