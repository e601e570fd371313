// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IHubChannels} from "../interfaces/IHubChannels.sol";
import {Hub_AmountTooLarge, Hub_InsufficientCollateral, Hub_StaleWithdrawal} from "../interfaces/IHubErrors.sol";
import {IIssuedToken} from "../interfaces/IIssuedToken.sol";
import {MessageHash} from "../libraries/MessageHash.sol";
import {Settlement} from "../libraries/Settlement.sol";
import {Asset, Backing} from "../types/Asset.sol";
import {Head, HeadLib} from "../types/Head.sol";
import {ChannelRef, Closing, Withdrawal} from "../types/Messages.sol";
import {Paid, PaidLib} from "../types/Paid.sol";
import {Channel} from "./HubStorage.sol";
import {Payouts} from "./Payouts.sol";
import {Signers} from "./Signers.sol";

/// @title Money in and out of an open channel, by consent (protocol sections 2, 3 and 6)
abstract contract Funding is IHubChannels, Payouts, Signers {
    /// @inheritdoc IHubChannels
    function deposit(ChannelRef calldata ref, uint256 amount) external payable nonReentrant {
        uint256 received = _pull(ref.token, amount);

        (bytes32 id, Backing backing) = _fund(ref, received, true);
        if (backing == Backing.Reserve) _addToReserve(_assets[ref.system][ref.token], received);

        emit Deposited(id, received);

        if (backing == Backing.Issued) IIssuedToken(ref.token).burn(received);
    }

    /// @inheritdoc IHubChannels
    function commitCollateral(ChannelRef calldata ref, uint256 amount) external payable nonReentrant {
        uint256 received = _pull(ref.token, amount);

        (bytes32 id, ) = _fund(ref, received, false);

        emit CollateralCommitted(id, received);
    }

    /// @inheritdoc IHubChannels
    function withdraw(
        ChannelRef calldata ref,
        Withdrawal calldata withdrawal,
        bytes calldata userSignature,
        bytes calldata systemSignature
    ) external nonReentrant {
        Channel storage channel = _channel(ref);
        (Head head, bytes32 id) = _openHead(ref, channel);
        Asset storage asset = _asset(ref.system, ref.token);
        _requireAccount(withdrawal.recipient);
        _requireDeadline(withdrawal.deadline, asset.challengePeriod);
        Paid paid = channel.paid;
        (uint256 withdrawn, uint256 reclaimed) = (withdrawal.withdrawn, withdrawal.reclaimed);
        (uint256 toUser, uint256 toSystem) = _rise(id, paid, withdrawn, reclaimed);
        bytes32 structHash = MessageHash.hash(withdrawal, id);
        _requireSystemConsent(id, ref.system, structHash, systemSignature);
        _requireUserConsent(id, ref.user, structHash, userSignature);

        uint256 collateral = head.collateral();
        uint256 rest = collateral > toUser ? collateral - toUser : 0;
        if (toSystem > rest) revert Hub_InsufficientCollateral(id, rest, toSystem);

        if (collateral != 0) channel.head = head.withCollateral(rest - toSystem);
        channel.paid = PaidLib.totals(withdrawn, reclaimed, paid.isCheckpointed());

        emit Withdrawn(id, toUser, toSystem);

        // `withdrawn` is paid first; `reclaimed` only from what is left of the collateral.
        _payOut(ref, withdrawal.recipient, toUser, collateral);
        _send(ref.token, ref.system, toSystem);
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
        Asset storage asset = _asset(ref.system, ref.token);
        _requireDeadline(closing.deadline, asset.challengePeriod);
        bytes32 structHash = MessageHash.hash(closing, id);
        _requireUserConsent(id, ref.user, structHash, userSignature);
        _requireSystemConsent(id, ref.system, structHash, systemSignature);

        uint256 collateral = head.collateral();
        int256 funded = int256(head.deposited()) - int256(channel.paid.withdrawn());
        uint256 due = Settlement.due(funded, closing.net, 0, 0, 0);

        channel.head = HeadLib.open(head.epoch() + 1, head.backing(), 0, 0);
        channel.paid = PaidLib.totals(0, 0, false);

        uint256 rest = collateral - Settlement.min(due, collateral);
        emit ChannelClosed(id, due, rest);

        _payOut(ref, ref.user, due, collateral);
        _send(ref.token, ref.system, rest);
    }

    /// @dev By how much the totals rise; neither may fall, and one must rise.
    function _rise(
        bytes32 id,
        Paid paid,
        uint256 withdrawn,
        uint256 reclaimed
    ) private pure returns (uint256 toUser, uint256 toSystem) {
        (uint256 oldWithdrawn, uint256 oldReclaimed) = (paid.withdrawn(), paid.reclaimed());
        bool risen = withdrawn != oldWithdrawn || reclaimed != oldReclaimed;
        if (withdrawn < oldWithdrawn || reclaimed < oldReclaimed || !risen) {
            revert Hub_StaleWithdrawal(id, oldWithdrawn, oldReclaimed);
        }
        if (reclaimed > type(uint120).max) revert Hub_AmountTooLarge(reclaimed, type(uint120).max);
        unchecked {
            // Neither total has fallen.
            return (withdrawn - oldWithdrawn, reclaimed - oldReclaimed);
        }
    }

    /// @dev Adds money to the channel, as the user's or only as cover: to the open epoch or, while a close is pending, to the
    /// next.
    function _fund(
        ChannelRef calldata ref,
        uint256 amount,
        bool forUser
    ) private returns (bytes32 id, Backing backing) {
        Channel storage channel = _channel(ref);
        Head head = channel.head;
        bool closing = head.isClosing();
        Head target = closing ? channel.next : head;
        backing = target.backing();
        if (backing == Backing.None) {
            _requireParties(ref);
            backing = _asset(ref.system, ref.token).backing;
        }
        uint256 deposited = target.deposited() + (forUser ? amount : 0);
        uint256 collateral = target.collateral() + (forUser && backing != Backing.Collateral ? 0 : amount);
        if (deposited > type(uint112).max) revert Hub_AmountTooLarge(deposited, type(uint112).max);
        if (collateral > type(uint112).max) revert Hub_AmountTooLarge(collateral, type(uint112).max);

        Head funded = HeadLib.open(target.epoch(), backing, deposited, collateral);
        if (closing) {
            id = _id(ref, head.epoch() + 1);
            channel.next = funded;
            if (!head.has(HeadLib.FUNDED)) channel.head = head.with(HeadLib.FUNDED);
        } else {
            id = _id(ref, head.epoch());
            channel.head = funded;
        }
    }
}
