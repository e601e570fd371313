// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Hub_NotAllowed, Hub_Stale} from "../interfaces/IHubErrors.sol";
import {IHubBooks} from "../interfaces/IHubBooks.sol";
import {LockTree, ProvenLocks} from "../libraries/LockTree.sol";
import {MessageHash} from "../libraries/MessageHash.sol";
import {Settlement} from "../libraries/Settlement.sol";
import {DisputeLib, DisputeRecord} from "../types/Dispute.sol";
import {JudgedLib} from "../types/Judged.sol";
import {ChannelRef, LockProof, State} from "../types/Messages.sol";
import {Paid, PaidLib} from "../types/Paid.sol";
import {Channel} from "./HubStorage.sol";
import {Signers} from "./Signers.sol";

/// @title What is stored on chain for a later close: states and their claimed locks (protocol sections 6 and 7)
abstract contract Records is IHubBooks, Signers {
    using DisputeLib for DisputeRecord;
    using LockTree for ProvenLocks;
    using MessageHash for State;

    /// @inheritdoc IHubBooks
    function checkpoint(
        ChannelRef calldata ref,
        State calldata state,
        bytes calldata userSignature,
        bytes calldata systemSignature
    ) external {
        Channel storage channel = _channel(ref);
        (, bytes32 id) = _openHead(ref, channel);
        uint64 stored = _checkpoints[id].version;
        if (state.version <= stored) revert Hub_Stale(id, state.version, stored);
        bytes32 stateHash = _requireComplete(ref, id, state, userSignature, systemSignature);

        Paid paid = channel.paid;
        _checkpoints[id] = JudgedLib.from(state, stateHash);
        if (!paid.isCheckpointed()) channel.paid = PaidLib.totals(paid.withdrawn(), paid.reclaimed(), true);

        emit StateCheckpointed(id, state.version);
    }

    /// @inheritdoc IHubBooks
    function proveLocksOfState(
        ChannelRef calldata ref,
        DisputeRecord calldata record,
        State calldata state,
        LockProof[] calldata locks,
        bytes calldata appointment
    ) external {
        Channel storage channel = _channel(ref);
        bytes32 id = _id(ref, channel.head.epoch());
        uint256 until = state.locksExpiry;
        if (channel.head.isClosing()) {
            _closingHead(ref, channel, record);
            until = Settlement.min(until, record.lockEnd());
        }
        if (msg.sender != ref.system && msg.sender != _appointment(id, ref, ref.system, appointment).tower) {
            revert Hub_NotAllowed(msg.sender);
        }
        bytes32 stateHash = state.hash(id);

        uint256 total = _proven[stateHash].prove(state.locksRoot, until, locks, _registry);

        emit LocksProven(stateHash, total);
    }
}
