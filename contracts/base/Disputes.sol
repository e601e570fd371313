// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IHubChannels} from "../interfaces/IHubChannels.sol";
import {
    Hub_NotAllowed,
    Hub_NotEvidence,
    Hub_NotNow,
    Hub_Stale,
    Hub_WrongState,
    Hub_WrongValue
} from "../interfaces/IHubErrors.sol";
import {LockTree, ProvenLocks} from "../libraries/LockTree.sol";
import {MessageHash} from "../libraries/MessageHash.sol";
import {Settlement} from "../libraries/Settlement.sol";
import {Asset} from "../types/Asset.sol";
import {Dispute, DisputeLib, Reward, Shown} from "../types/Dispute.sol";
import {CloseSignatures} from "../types/Messages.sol";
import {Head, HeadLib} from "../types/Head.sol";
import {Appointment, ChannelRef, CloseOrder, LockProof, Note, State, SystemSignature} from "../types/Messages.sol";
import {Paid, PaidLib} from "../types/Paid.sol";
import {Funding} from "./Funding.sol";
import {Channel} from "./HubStorage.sol";

/// @title Closing without consent: close, challenge, prove, settle (protocol sections 5 and 6)
abstract contract Disputes is Funding {
    using DisputeLib for Dispute;
    using LockTree for ProvenLocks;
    using MessageHash for State;
    using MessageHash for Note;

    bytes32 private constant EMPTY_STATE = keccak256(new bytes(256));

    /// @inheritdoc IHubChannels
    function close(
        ChannelRef calldata ref,
        State calldata state,
        Note calldata note,
        CloseSignatures calldata signatures,
        CloseOrder calldata order
    ) external payable nonReentrant {
        Channel storage channel = _channel(ref);
        (Head head, bytes32 id) = _openHead(ref, channel);
        _requireParties(ref);
        Asset storage asset = _asset(ref.system, ref.token);
        _requireDeadline(order.deadline, asset.challengePeriod);
        uint256 fee = order.humble ? asset.staleFee : 0;
        if (msg.value != fee) revert Hub_WrongValue(msg.value, fee);
        bytes32 stateHash = _requireCloser(ref, id, state, note, signatures, order);

        Dispute memory dispute;
        dispute.bySystem = order.party == ref.system;
        dispute.humble = order.humble;
        dispute.closedAt = uint64(block.timestamp);
        dispute.funded = int256(head.deposited()) - int256(channel.paid.withdrawn());
        State memory judged = state;
        if (channel.paid.isCheckpointed() && _checkpoints[id].version > state.version) {
            judged = _checkpoints[id];
            stateHash = judged.hash(id);
        }
        dispute.version = judged.version;
        dispute.noteSeq = judged.noteSeq;
        dispute.stateHash = stateHash;
        // A note older than the folded one is none.
        bool counts = note.seq != 0 && note.seq >= judged.noteSeq;
        dispute.seq = counts ? note.seq : judged.noteSeq;
        dispute.credited = counts && note.credited > judged.noteCredited ? note.credited : judged.noteCredited;
        uint256 latest = Settlement.max(judged.locksExpiry, counts ? note.locksExpiry : 0);
        dispute.locksExpiry = _capped(latest, block.timestamp, asset);
        uint256 collateral = head.collateral();
        if (dispute.bySystem) {
            dispute.paid = Settlement.undisputed(dispute.funded, judged, dispute.credited);
            asset.systemCloses += 1;
        }
        dispute.collateral = uint128(collateral - Settlement.min(dispute.paid, collateral));

        channel.head = HeadLib.closing(head.epoch(), dispute.hashMemory());

        emit ChannelClosing(id, ref.system, ref.user, ref.token, dispute);

        if (dispute.paid != 0) _payOut(ref.system, ref.token, asset, ref.user, dispute.paid, collateral);
    }

    /// @inheritdoc IHubChannels
    function challenge(
        ChannelRef calldata ref,
        Dispute calldata dispute,
        State calldata state,
        bytes calldata userSignature,
        SystemSignature calldata systemSignature,
        Appointment calldata appointment
    ) external nonReentrant {
        Channel storage channel = _channel(ref);
        (Head head, bytes32 id) = _closingHead(ref, channel, dispute);
        Asset storage asset = _assets[ref.system][ref.token];
        uint256 end = _challengeEnd(dispute, asset);
        if (block.timestamp >= end) revert Hub_NotNow(dispute.closedAt, end);
        bytes32 stateHash = _requireComplete(ref, id, state, userSignature, systemSignature);
        address victim = dispute.bySystem ? ref.user : ref.system;
        bool appointed = appointment.tower != address(0);
        if (appointed) _requireAppointment(id, ref, victim, appointment);

        // state.version and dispute.version are uint64: the sum is widened so that it cannot wrap.
        if (!dispute.bySystem && !dispute.humble && state.version >= uint256(dispute.version) + 2) {
            _penaliseUser(ref, id, head, dispute, state, appointment);
            return;
        }
        uint64 standing = head.has(HeadLib.REPLACED) ? channel.paid.version() : dispute.version;
        // Of two complete states of one version the one that U, or U's watchtower, shows stands.
        bool forUser = msg.sender == ref.user || (dispute.bySystem && appointed && msg.sender == appointment.tower);
        if (state.version < standing || (state.version == standing && !forUser)) {
            revert Hub_Stale(id, state.version, standing);
        }

        channel.paid = PaidLib.standing(state.version, stateHash);
        Head marked = head.with(HeadLib.REPLACED);
        Shown memory shown = _shown(channel, head, dispute);
        uint56 expiry = _capped(state.locksExpiry, dispute.closedAt, asset);
        if (expiry > shown.locksExpiry) {
            shown.locksExpiry = expiry;
            channel.shown = shown;
            marked = marked.with(HeadLib.SHOWN);
        }
        if (dispute.bySystem && appointed && state.version > dispute.version) {
            marked = _promiseReward(channel, marked, appointment);
        }
        if (Head.unwrap(marked) != Head.unwrap(head)) channel.head = marked;

        emit StateReplaced(id, state.version, stateHash);
    }

    /// @inheritdoc IHubChannels
    function prove(
        ChannelRef calldata ref,
        Dispute calldata dispute,
        State calldata standing,
        Note calldata note,
        SystemSignature calldata systemSignature,
        LockProof[] calldata locks,
        Appointment calldata appointment
    ) external nonReentrant {
        Channel storage channel = _channel(ref);
        (Head head, bytes32 id) = _closingHead(ref, channel, dispute);
        Asset storage asset = _assets[ref.system][ref.token];
        bytes32 noteHash = note.hash(id);
        if (note.seq == 0) revert Hub_NotEvidence(id);
        _requireSystemSignature(id, ref.system, noteHash, systemSignature);
        bool replaced = head.has(HeadLib.REPLACED);
        if (replaced) _requireStanding(channel, id, standing);
        uint64 noteSeq = replaced ? standing.noteSeq : dispute.noteSeq;
        if (note.seq < noteSeq) revert Hub_Stale(id, note.seq, noteSeq);
        bool appointed = appointment.tower != address(0);
        if (appointed) _requireAppointment(id, ref, ref.user, appointment);

        uint256 value = note.credited;
        if (note.locked != 0) {
            uint256 until = _capped(note.locksExpiry, dispute.closedAt, asset);
            value += Settlement.min(note.locked, _proven[noteHash].prove(note.locksRoot, until, locks, _registry));
        }
        Shown memory shown = _shown(channel, head, dispute);
        Head marked = head;
        if (_improve(shown, note.seq, value, noteSeq, _capped(note.locksExpiry, dispute.closedAt, asset))) {
            channel.shown = shown;
            marked = marked.with(HeadLib.SHOWN);
        }
        bool hidden = dispute.bySystem && (note.seq > dispute.seq || note.credited > dispute.credited);
        if (hidden && block.timestamp < _challengeEnd(dispute, asset)) {
            marked = marked.with(HeadLib.CHEATED);
            if (appointed) marked = _promiseReward(channel, marked, appointment);
        }
        if (Head.unwrap(marked) != Head.unwrap(head)) channel.head = marked;

        emit NoteProven(id, note.seq, value, noteHash);
    }

    /// @inheritdoc IHubChannels
    function settle(ChannelRef calldata ref, Dispute calldata dispute, State calldata standing) external nonReentrant {
        Channel storage channel = _channel(ref);
        (Head head, bytes32 id) = _closingHead(ref, channel, dispute);
        Asset storage asset = _assets[ref.system][ref.token];
        Shown memory shown = _shown(channel, head, dispute);
        uint256 from = Settlement.max(_challengeEnd(dispute, asset), shown.locksExpiry) + asset.claimWindow;
        if (block.timestamp < from) revert Hub_NotNow(from, type(uint256).max);
        bool replaced = head.has(HeadLib.REPLACED);
        bytes32 stateHash = standing.hash(id);
        if (replaced) _requireStanding(channel, id, standing);
        else if (stateHash != dispute.stateHash) revert Hub_WrongState(id, stateHash);

        bool cheated =
            dispute.bySystem && (head.has(HeadLib.CHEATED) || (replaced && standing.version > dispute.version));
        uint256 due = _due(dispute, standing, shown, stateHash, cheated);
        due = Settlement.max(due, dispute.paid) - dispute.paid;
        bool stale = replaced && standing.version >= uint256(dispute.version) + 2;

        Reward memory reward;
        if (head.has(HeadLib.REWARD)) reward = channel.reward;
        _reopen(channel, head);
        if (dispute.bySystem) {
            asset.systemCloses -= 1;
            asset.lastSystemClose = uint64(block.timestamp);
        }

        uint256 rest = dispute.collateral - Settlement.min(due, dispute.collateral);
        emit ChannelSettled(id, due, rest, cheated);

        _payOut(ref.system, ref.token, asset, ref.user, due, dispute.collateral);
        if (cheated) _forfeitToUser(ref, asset, rest, reward);
        else _send(ref.token, ref.system, rest);
        if (dispute.humble) _send(address(0), stale ? ref.system : ref.user, asset.staleFee);
    }

    /// @dev The closer's own signature is its transaction or the order; the other side's must stand on what it shows.
    function _requireCloser(
        ChannelRef calldata ref,
        bytes32 id,
        State calldata state,
        Note calldata note,
        CloseSignatures calldata signatures,
        CloseOrder calldata order
    ) private view returns (bytes32 stateHash) {
        bool byUser = order.party == ref.user;
        if (!byUser && (order.party != ref.system || order.humble)) revert Hub_NotAllowed(order.party);
        stateHash = state.hash(id);
        bytes32 noteHash = note.seq == 0 ? bytes32(0) : note.hash(id);
        if (state.version == 0 && keccak256(abi.encode(state)) != EMPTY_STATE) revert Hub_NotEvidence(id);
        if (msg.sender != order.party) {
            bytes32 orderHash = MessageHash.hashClose(
                id,
                order.party,
                stateHash,
                noteHash,
                order.humble,
                order.deadline
            );
            _requireCloseOrder(id, ref, orderHash, order);
        }
        if (byUser) {
            if (state.version != 0) _requireSystemSignature(id, ref.system, stateHash, signatures.state);
            if (note.seq != 0) _requireSystemSignature(id, ref.system, noteHash, signatures.note);
        } else if (state.version != 0) {
            _requireUserSignature(id, ref.user, stateHash, signatures.user);
        }
    }

    function _requireStanding(Channel storage channel, bytes32 id, State calldata standing) private view {
        bytes32 stateHash = standing.hash(id);
        if (Paid.unwrap(PaidLib.standing(standing.version, stateHash)) != Paid.unwrap(channel.paid)) {
            revert Hub_WrongState(id, stateHash);
        }
    }

    function _challengeEnd(Dispute calldata dispute, Asset storage asset) private view returns (uint256) {
        return dispute.closedAt + uint256(asset.challengePeriod) * (dispute.humble ? 2 : 1);
    }

    function _shown(Channel storage channel, Head head, Dispute calldata dispute) private view returns (Shown memory) {
        if (head.has(HeadLib.SHOWN)) return channel.shown;
        return Shown(dispute.credited, dispute.seq, dispute.locksExpiry);
    }

    /// @dev The greatest value counts, never merely the newest note; the latest expiry never falls.
    function _improve(
        Shown memory shown,
        uint64 seq,
        uint256 value,
        uint64 noteSeq,
        uint56 expiry
    ) private pure returns (bool changed) {
        if (shown.seq < noteSeq || value > shown.value || (value == shown.value && seq > shown.seq)) {
            (shown.value, shown.seq, changed) = (uint136(value), seq, true);
        }
        if (expiry > shown.locksExpiry) (shown.locksExpiry, changed) = (expiry, true);
    }

    function _due(
        Dispute calldata dispute,
        State calldata standing,
        Shown memory shown,
        bytes32 stateHash,
        bool cheated
    ) private view returns (uint256) {
        uint256 best = shown.seq >= standing.noteSeq ? shown.value : 0;
        uint256 outgoing =
            cheated || standing.locked == 0 ? 0 : Settlement.min(standing.locked, _proven[stateHash].total);
        return Settlement.due(dispute.funded, standing, best, outgoing);
    }

    /// @dev The first watchtower to prove S's cheat has earned the reward.
    function _promiseReward(
        Channel storage channel,
        Head head,
        Appointment calldata appointment
    ) private returns (Head) {
        if (head.has(HeadLib.REWARD)) return head;
        channel.reward = Reward(appointment.tower, appointment.shareBps);
        return head.with(HeadLib.REWARD);
    }

    /// @dev The epoch ends; the channel is open again with what came in meanwhile.
    function _reopen(Channel storage channel, Head head) private {
        Head next = HeadLib.open(head.epoch() + 1, 0, 0);
        if (head.has(HeadLib.FUNDED)) {
            next = HeadLib.open(head.epoch() + 1, channel.next.deposited(), channel.next.collateral());
            channel.next = Head.wrap(0);
        }
        channel.head = next;
        channel.paid = Paid.wrap(0);
        if (head.has(HeadLib.SHOWN)) delete channel.shown;
        if (head.has(HeadLib.REWARD)) delete channel.reward;
    }

    /// @dev Everything of the epoch goes to S, but for what S promised its watchtower; nothing leaves the reserve.
    function _penaliseUser(
        ChannelRef calldata ref,
        bytes32 id,
        Head head,
        Dispute calldata dispute,
        State calldata evidence,
        Appointment calldata appointment
    ) private {
        uint256 forfeit = Settlement.forfeit(dispute.funded, evidence.net, dispute.collateral);
        uint256 toTower = appointment.tower == address(0) ? 0 : (forfeit * appointment.shareBps) / 10_000;

        _reopen(_channel(ref), head);

        emit UserPenalised(id, evidence.version, dispute.collateral - toTower, appointment.tower, toTower);

        _send(ref.token, appointment.tower, toTower);
        _send(ref.token, ref.system, dispute.collateral - toTower);
    }

    /// @dev U has its due already; what is left of the collateral and the award follow it.
    function _forfeitToUser(ChannelRef calldata ref, Asset storage asset, uint256 rest, Reward memory reward) private {
        uint256 award = Settlement.min(asset.award, asset.bond - asset.awarded);
        uint256 restToTower = (rest * reward.shareBps) / 10_000;
        uint256 awardToTower = (award * reward.shareBps) / 10_000;

        emit SystemPenalised(ref.system, ref.user, ref.token, rest, award, reward.tower);

        _recordAward(ref.system, ref.token, asset, ref.user, award - awardToTower);
        _recordAward(ref.system, ref.token, asset, reward.tower, awardToTower);
        _send(ref.token, reward.tower, restToTower);
        _send(ref.token, ref.user, rest - restToTower);
    }
}
