// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IHubChannels} from "../interfaces/IHubChannels.sol";
import {
    Hub_AmountTooLarge,
    Hub_InsufficientCollateral,
    Hub_NotAllowed,
    Hub_StaleWithdrawal
} from "../interfaces/IHubErrors.sol";
import {IIssuedToken} from "../interfaces/IIssuedToken.sol";
import {MessageHash} from "../libraries/MessageHash.sol";
import {Settlement} from "../libraries/Settlement.sol";
import {TokenTransfer} from "../libraries/TokenTransfer.sol";
import {Asset, Backing} from "../types/Asset.sol";
import {Head, HeadLib} from "../types/Head.sol";
import {ChannelRef, Closing, State, Withdrawal, WithdrawalItem} from "../types/Messages.sol";
import {Paid, PaidLib} from "../types/Paid.sol";
import {Channel} from "./HubStorage.sol";
import {Payouts} from "./Payouts.sol";
import {Signers} from "./Signers.sol";

/// @title Money in and out of an open channel, by consent (protocol sections 2, 3 and 6)
abstract contract Funding is IHubChannels, Payouts, Signers {
    /// What one withdrawal of a batch may burn before it counts as failed.
    uint256 private constant ITEM_GAS = 900_000;

    /// @inheritdoc IHubChannels
    function deposit(ChannelRef calldata ref, uint256 amount) external payable nonReentrant {
        _requireParties(ref);
        Asset storage asset = _asset(ref.system, ref.token);
        uint256 received = _pull(ref.token, amount);

        bool held = asset.backing == Backing.Collateral;
        bytes32 id = _fund(ref, received, held ? received : 0);
        if (asset.backing == Backing.Reserve) _addToReserve(asset, received);

        emit Deposited(id, ref.system, ref.user, ref.token, received);

        if (asset.backing == Backing.Issued) IIssuedToken(ref.token).burn(received);
    }

    /// @inheritdoc IHubChannels
    function commitCollateral(ChannelRef calldata ref, uint256 amount) external payable nonReentrant {
        _requireParties(ref);
        _asset(ref.system, ref.token);
        uint256 received = _pull(ref.token, amount);

        bytes32 id = _fund(ref, 0, received);

        emit CollateralCommitted(id, ref.system, ref.user, ref.token, received);
    }

    /// @inheritdoc IHubChannels
    function withdraw(
        ChannelRef calldata ref,
        Withdrawal calldata withdrawal,
        bytes calldata userSignature,
        bytes calldata systemSignature
    ) external nonReentrant {
        (Head head, bytes32 id) = _openHead(ref, _channel(ref));
        bytes32 structHash = MessageHash.hash(withdrawal, id);
        _requireSystemConsent(id, ref.system, structHash, systemSignature);
        _withdraw(ref, withdrawal, userSignature, head, id, structHash);
    }

    /// @inheritdoc IHubChannels
    function withdrawBatch(address token, WithdrawalItem[] calldata items) external nonReentrant {
        for (uint256 i = 0; i < items.length; ++i) {
            // Without this an estimate of the gas would find the least with which items fail, not succeed.
            TokenTransfer.requireGas(ITEM_GAS);
            ChannelRef memory ref = ChannelRef(msg.sender, items[i].user, token);
            try this.withdrawItem{gas: ITEM_GAS}(ref, items[i].withdrawal, items[i].userSignature) {} catch (
                bytes memory reason
            ) {
                emit WithdrawalFailed(msg.sender, token, items[i].user, reason);
            }
        }
    }

    /// @inheritdoc IHubChannels
    function withdrawItem(
        ChannelRef calldata ref,
        Withdrawal calldata withdrawal,
        bytes calldata userSignature
    ) external {
        if (msg.sender != address(this)) revert Hub_NotAllowed(msg.sender);
        (Head head, bytes32 id) = _openHead(ref, _channel(ref));
        _withdraw(ref, withdrawal, userSignature, head, id, MessageHash.hash(withdrawal, id));
    }

    /// @inheritdoc IHubChannels
    function closeCooperatively(
        ChannelRef calldata ref,
        Closing calldata closing,
        bytes calldata userSignature,
        bytes calldata systemSignature
    ) external nonReentrant {
        Channel storage channel = _channel(ref);
        (Head head, bytes32 id) = _openHead(ref, channel);
        _requireParties(ref);
        Asset storage asset = _asset(ref.system, ref.token);
        _requireDeadline(closing.deadline, asset.challengePeriod);
        bytes32 structHash = MessageHash.hash(closing, id);
        _requireUserConsent(id, ref.user, structHash, userSignature);
        _requireSystemConsent(id, ref.system, structHash, systemSignature);

        uint256 collateral = head.collateral();
        int256 funded = int256(head.deposited()) - int256(channel.paid.withdrawn());
        State memory last;
        last.net = closing.net;
        uint256 due = Settlement.due(funded, last, 0, 0);

        channel.head = HeadLib.open(head.epoch() + 1, 0, 0);
        channel.paid = PaidLib.totals(0, 0, false);

        uint256 rest = collateral - Settlement.min(due, collateral);
        emit ChannelClosed(id, due, rest);

        _payOut(ref.system, ref.token, asset, ref.user, due, collateral);
        _send(ref.token, ref.system, rest);
    }

    /// @dev Pays `withdrawn` first; `reclaimed` only from what is left of the collateral.
    function _withdraw(
        ChannelRef calldata ref,
        Withdrawal calldata withdrawal,
        bytes calldata userSignature,
        Head head,
        bytes32 id,
        bytes32 structHash
    ) private {
        Channel storage channel = _channel(ref);
        _requireParties(ref);
        Asset storage asset = _asset(ref.system, ref.token);
        Paid paid = channel.paid;
        _requireAccount(withdrawal.recipient);
        _requireDeadline(withdrawal.deadline, asset.challengePeriod);
        (uint256 withdrawn, uint256 reclaimed) = (paid.withdrawn(), paid.reclaimed());
        if (
            withdrawal.withdrawn < withdrawn ||
            withdrawal.reclaimed < reclaimed ||
            (withdrawal.withdrawn == withdrawn && withdrawal.reclaimed == reclaimed)
        ) revert Hub_StaleWithdrawal(id, withdrawn, reclaimed);
        if (withdrawal.reclaimed > type(uint120).max) {
            revert Hub_AmountTooLarge(withdrawal.reclaimed, type(uint120).max);
        }
        _requireUserConsent(id, ref.user, structHash, userSignature);

        uint256 toUser = withdrawal.withdrawn - withdrawn;
        uint256 toSystem = withdrawal.reclaimed - reclaimed;
        uint256 collateral = head.collateral();
        uint256 rest = collateral - Settlement.min(toUser, collateral);
        if (toSystem > rest) revert Hub_InsufficientCollateral(id, rest, toSystem);

        if (collateral != 0) channel.head = HeadLib.open(head.epoch(), head.deposited(), rest - toSystem);
        channel.paid = PaidLib.totals(withdrawal.withdrawn, withdrawal.reclaimed, paid.isCheckpointed());

        emit Withdrawn(id, withdrawal.recipient, toUser, toSystem);

        _payOut(ref.system, ref.token, asset, withdrawal.recipient, toUser, collateral);
        _send(ref.token, ref.system, toSystem);
    }

    /// @dev Adds money to the channel: to the open epoch or, while a close is pending, to the next.
    function _fund(ChannelRef calldata ref, uint256 deposited, uint256 collateral) private returns (bytes32 id) {
        Channel storage channel = _channel(ref);
        Head head = channel.head;
        bool closing = head.isClosing();
        Head target = closing ? channel.next : head;
        deposited += target.deposited();
        collateral += target.collateral();
        if (deposited > type(uint112).max) revert Hub_AmountTooLarge(deposited, type(uint112).max);
        if (collateral > type(uint112).max) revert Hub_AmountTooLarge(collateral, type(uint112).max);

        if (closing) {
            id = _id(ref, head.epoch() + 1);
            channel.next = HeadLib.open(0, deposited, collateral);
            if (!head.has(HeadLib.FUNDED)) channel.head = head.with(HeadLib.FUNDED);
        } else {
            id = _id(ref, head.epoch());
            channel.head = HeadLib.open(head.epoch(), deposited, collateral);
        }
    }
}
