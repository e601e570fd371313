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
import {Dispute, DisputeLib, DisputeRecord, Reward, Shown} from "../types/Dispute.sol";
import {Head, HeadLib} from "../types/Head.sol";
import {Judged, JudgedLib} from "../types/Judged.sol";
import {Appointment, ChannelRef, CloseOrder, LockProof, Note, State} from "../types/Messages.sol";
import {Paid, PaidLib} from "../types/Paid.sol";
import {Funding} from "./Funding.sol";
import {Channel} from "./HubStorage.sol";

/// @title Closing without consent: close, challenge, prove, settle (protocol sections 5 and 6)
abstract contract Disputes is Funding {
    using DisputeLib for Dispute;
    using DisputeLib for DisputeRecord;
    using LockTree for ProvenLocks;
    using MessageHash for State;
    using MessageHash for Note;

    bytes32 private constant EMPTY_STATE = keccak256(new bytes(256));

    /// @inheritdoc IHubChannels
    function close(
        ChannelRef calldata ref,
        State calldata state,
        Note calldata note,
        bytes calldata stateSignature,
        bytes calldata noteSignature,
        CloseOrder calldata order
    ) external payable nonReentrant {
        Channel storage channel = _channel(ref);
        (Head head, bytes32 id) = _openHead(ref, channel);
        Asset storage asset = _asset(ref.system, ref.token);
        _requireDeadline(order.deadline, asset.challengePeriod);
        uint256 fee = order.humble ? asset.staleFee : 0;
        if (msg.value != fee) revert Hub_WrongValue(msg.value, fee);
        Judged memory judged = JudgedLib.from(
            state,
            _requireCloser(ref, id, state, note, stateSignature, noteSignature, order)
        );
        Paid paid = channel.paid;
        if (paid.isCheckpointed() && _checkpoints[id].version > judged.version) judged = _checkpoints[id];

        Dispute memory dispute;
        dispute.bySystem = order.party == ref.system;
        dispute.humble = order.humble;
        dispute.challengeEnd = uint40(block.timestamp + uint256(asset.challengePeriod) * (order.humble ? 2 : 1));
        dispute.lockEnd = uint40(block.timestamp + asset.lockLimit);
        dispute.claimWindow = uint24(asset.claimWindow);
        _judge(dispute, judged, note);
        dispute.funded = int256(head.deposited()) - int256(paid.withdrawn());
        uint256 collateral = head.collateral();
        if (dispute.bySystem) {
            // All that U has locked may be claimed: it is not beyond dispute.
            dispute.paid = Settlement.due(
                dispute.funded,
                judged.net,
                judged.noteCredited,
                dispute.credited,
                judged.locked
            );
            asset.systemCloses += 1;
        }
        dispute.collateral = collateral - Settlement.min(dispute.paid, collateral);
        DisputeRecord memory record = dispute.pack();

        channel.head = HeadLib.closing(head.epoch(), record.hash());

        emit ChannelClosing(id, ref.system, record);

        if (dispute.paid != 0) _payOut(ref, ref.user, dispute.paid, collateral);
    }

    /// @inheritdoc IHubChannels
    function challenge(
        ChannelRef calldata ref,
        DisputeRecord calldata record,
        State calldata state,
        bytes calldata userSignature,
        bytes calldata systemSignature,
        bytes calldata appointment
    ) external nonReentrant {
        Channel storage channel = _channel(ref);
        (Head head, bytes32 id) = _closingHead(ref, channel, record);
        if (block.timestamp >= record.challengeEnd()) revert Hub_NotNow(0, record.challengeEnd());
        bytes32 stateHash = _requireComplete(ref, id, state, userSignature, systemSignature);
        address victim = record.bySystem() ? ref.user : ref.system;
        Appointment memory appointed = _appointment(id, ref, victim, appointment);

        // state.version and record.version() are uint64: the sum is widened so that it cannot wrap.
        if (!record.bySystem() && !record.humble() && state.version >= uint256(record.version()) + 2) {
            _penaliseUser(ref, channel, id, head, record, state, appointed);
            return;
        }
        uint64 standing = head.has(HeadLib.REPLACED) ? channel.paid.version() : record.version();
        // Of two complete states of one version the one that U, or U's watchtower, shows stands.
        bool forUser = msg.sender == ref.user || (record.bySystem() && msg.sender == appointed.tower);
        if (state.version < standing || (state.version == standing && !forUser)) {
            revert Hub_Stale(id, state.version, standing);
        }

        _requireReadable(state);
        channel.paid = PaidLib.standing(state.version, stateHash);
        Head marked = head.with(HeadLib.REPLACED);
        Shown memory shown = _shown(channel, head, record);
        uint40 expiry = _capped(state.locksExpiry, record.lockEnd());
        if (expiry > shown.locksExpiry) {
            shown.locksExpiry = expiry;
            channel.shown = shown;
            marked = marked.with(HeadLib.SHOWN);
        }
        if (record.bySystem() && state.version > record.version()) {
            marked = _promiseReward(channel, marked, appointed);
        }
        if (Head.unwrap(marked) != Head.unwrap(head)) channel.head = marked;

        emit StateReplaced(id, state.version, stateHash);
    }

    /// @inheritdoc IHubChannels
    function prove(
        ChannelRef calldata ref,
        DisputeRecord calldata record,
        State calldata standing,
        Note calldata note,
        bytes calldata systemSignature,
        LockProof[] calldata locks,
        bytes calldata appointment
    ) external nonReentrant {
        Channel storage channel = _channel(ref);
        (Head head, bytes32 id) = _closingHead(ref, channel, record);
        bytes32 noteHash = note.hash(id);
        if (note.seq == 0) revert Hub_NotEvidence(id);
        _requireSystemSignature(id, ref.system, noteHash, systemSignature);
        bool replaced = head.has(HeadLib.REPLACED);
        if (replaced) _requireStanding(channel, id, standing.version, standing.hash(id));
        uint64 noteSeq = replaced ? standing.noteSeq : record.noteSeq();
        if (note.seq < noteSeq) revert Hub_Stale(id, note.seq, noteSeq);
        Appointment memory appointed = _appointment(id, ref, ref.user, appointment);

        uint256 value = note.credited;
        uint40 until = _capped(note.locksExpiry, record.lockEnd());
        if (note.locked != 0) {
            value += Settlement.min(note.locked, _proven[noteHash].prove(note.locksRoot, until, locks, _registry));
        }
        Shown memory shown = _shown(channel, head, record);
        Head marked = head;
        if (_improve(shown, note.seq, value, noteSeq, until)) {
            channel.shown = shown;
            marked = marked.with(HeadLib.SHOWN);
        }
        bool hidden = record.bySystem() && (note.seq > record.seq() || note.credited > record.credited());
        if (hidden && block.timestamp < record.challengeEnd()) {
            marked = _promiseReward(channel, marked.with(HeadLib.CHEATED), appointed);
        }
        if (Head.unwrap(marked) != Head.unwrap(head)) channel.head = marked;

        emit NoteProven(id, note.seq, value, noteHash);
    }

    /// @inheritdoc IHubChannels
    function proveLocks(ChannelRef calldata ref, Note calldata note, LockProof[] calldata locks) external {
        (, bytes32 id) = _openHead(ref, _channel(ref));
        bytes32 noteHash = note.hash(id);

        uint256 total = _proven[noteHash].prove(note.locksRoot, note.locksExpiry, locks, _registry);

        emit LocksProven(noteHash, total);
    }

    /// @inheritdoc IHubChannels
    function settle(
        ChannelRef calldata ref,
        DisputeRecord calldata record,
        State calldata standing
    ) external nonReentrant {
        Channel storage channel = _channel(ref);
        (Head head, bytes32 id) = _closingHead(ref, channel, record);
        Shown memory shown = _shown(channel, head, record);
        uint256 from = Settlement.max(record.challengeEnd(), shown.locksExpiry) + record.claimWindow();
        if (block.timestamp < from) revert Hub_NotNow(from, type(uint256).max);
        bool replaced = head.has(HeadLib.REPLACED);
        bytes32 stateHash = standing.hash(id);
        if (replaced) _requireStanding(channel, id, standing.version, stateHash);
        else if (stateHash != record.stateHash) revert Hub_WrongState(id, stateHash);

        bool cheated =
            record.bySystem() && (head.has(HeadLib.CHEATED) || (replaced && standing.version > record.version()));
        uint256 due = _due(record, standing, shown, stateHash, cheated);
        due = Settlement.max(due, record.paid) - record.paid;
        bool stale = replaced && standing.version >= uint256(record.version()) + 2;

        Reward memory reward;
        if (head.has(HeadLib.REWARD)) reward = channel.reward;
        _reopen(channel, head);
        if (record.bySystem()) {
            Asset storage asset = _assets[ref.system][ref.token];
            asset.systemCloses -= 1;
            asset.lastSystemClose = uint64(block.timestamp);
        }

        uint256 rest = record.collateral() - Settlement.min(due, record.collateral());
        emit ChannelSettled(id, due, rest);

        _payOut(ref, ref.user, due, record.collateral());
        if (cheated) _forfeitToUser(ref, rest, reward);
        else _send(ref.token, ref.system, rest);
        if (record.humble()) {
            _send(address(0), stale ? ref.system : ref.user, _assets[ref.system][ref.token].staleFee);
        }
    }

    /// @dev Fixes what a close is judged by; a note older than the folded one is none.
    function _judge(Dispute memory dispute, Judged memory judged, Note calldata note) private pure {
        dispute.version = judged.version;
        dispute.noteSeq = judged.noteSeq;
        dispute.stateHash = judged.stateHash;
        dispute.seq = judged.noteSeq;
        dispute.credited = judged.noteCredited;
        dispute.locksExpiry = _capped(judged.locksExpiry, dispute.lockEnd);
        if (note.seq == 0 || note.seq < judged.noteSeq) return;
        dispute.seq = note.seq;
        if (note.credited > judged.noteCredited) dispute.credited = note.credited;
        uint40 expiry = _capped(note.locksExpiry, dispute.lockEnd);
        if (expiry > dispute.locksExpiry) dispute.locksExpiry = expiry;
    }

    /// @dev The closer's own signature is its transaction or the order; the other side's must stand on what it shows.
    function _requireCloser(
        ChannelRef calldata ref,
        bytes32 id,
        State calldata state,
        Note calldata note,
        bytes calldata stateSignature,
        bytes calldata noteSignature,
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
            if (state.version != 0) _requireSystemSignature(id, ref.system, stateHash, stateSignature);
            if (note.seq != 0) _requireSystemSignature(id, ref.system, noteHash, noteSignature);
        } else if (state.version != 0) {
            _requireUserSignature(id, ref.user, stateHash, stateSignature);
        }
    }

    function _requireStanding(Channel storage channel, bytes32 id, uint64 version, bytes32 stateHash) private view {
        if (Paid.unwrap(PaidLib.standing(version, stateHash)) != Paid.unwrap(channel.paid)) {
            revert Hub_WrongState(id, stateHash);
        }
    }

    /// @dev A word too large for its field reverts where it is read: here, or what stands could never be settled.
    function _requireReadable(State calldata state) private pure {
        (state.net, state.noteSeq, state.noteCredited, state.locked);
    }

    /// @dev No lock counts as further away than the lock limit after the close.
    function _capped(uint64 expiry, uint40 lockEnd) private pure returns (uint40) {
        return expiry < lockEnd ? uint40(expiry) : lockEnd;
    }

    function _shown(
        Channel storage channel,
        Head head,
        DisputeRecord calldata record
    ) private view returns (Shown memory) {
        if (head.has(HeadLib.SHOWN)) return channel.shown;
        return Shown(record.credited(), record.seq(), record.locksExpiry());
    }

    /// @dev The greatest value counts, never merely the newest note; the latest expiry never falls.
    function _improve(
        Shown memory shown,
        uint64 seq,
        uint256 value,
        uint64 noteSeq,
        uint40 expiry
    ) private pure returns (bool changed) {
        if (shown.seq < noteSeq || value > shown.value || (value == shown.value && seq > shown.seq)) {
            (shown.value, shown.seq, changed) = (uint136(value), seq, true);
        }
        if (expiry > shown.locksExpiry) (shown.locksExpiry, changed) = (expiry, true);
    }

    function _due(
        DisputeRecord calldata record,
        State calldata standing,
        Shown memory shown,
        bytes32 stateHash,
        bool cheated
    ) private view returns (uint256) {
        uint256 best = shown.seq >= standing.noteSeq ? shown.value : 0;
        uint256 outgoing =
            cheated || standing.locked == 0 ? 0 : Settlement.min(standing.locked, _proven[stateHash].total);
        return Settlement.due(record.funded(), standing.net, standing.noteCredited, best, outgoing);
    }

    /// @dev The first watchtower to prove S's cheat has earned the reward.
    function _promiseReward(Channel storage channel, Head head, Appointment memory appointed) private returns (Head) {
        if (appointed.tower == address(0) || head.has(HeadLib.REWARD)) return head;
        channel.reward = Reward(appointed.tower, appointed.shareBps);
        return head.with(HeadLib.REWARD);
    }

    /// @dev The epoch ends; the channel is open again with what came in meanwhile.
    function _reopen(Channel storage channel, Head head) private {
        Head next = Head.wrap(0);
        if (head.has(HeadLib.FUNDED)) {
            next = channel.next;
            channel.next = Head.wrap(0);
        }
        channel.head = HeadLib.open(head.epoch() + 1, next.backing(), next.deposited(), next.collateral());
        channel.paid = Paid.wrap(0);
        if (head.has(HeadLib.SHOWN)) delete channel.shown;
        if (head.has(HeadLib.REWARD)) delete channel.reward;
    }

    /// @dev Everything of the epoch goes to S, but for what S promised its watchtower; nothing leaves the reserve.
    function _penaliseUser(
        ChannelRef calldata ref,
        Channel storage channel,
        bytes32 id,
        Head head,
        DisputeRecord calldata record,
        State calldata evidence,
        Appointment memory appointed
    ) private {
        uint256 forfeit = Settlement.forfeit(record.funded(), evidence.net, record.collateral());
        uint256 toTower = (forfeit * appointed.shareBps) / 10_000;

        _reopen(channel, head);

        emit UserPenalised(id, evidence.version, record.collateral() - toTower, toTower);

        _send(ref.token, appointed.tower, toTower);
        _send(ref.token, ref.system, record.collateral() - toTower);
    }

    /// @dev U has its due already; what is left of the collateral and the award follow it.
    function _forfeitToUser(ChannelRef calldata ref, uint256 rest, Reward memory reward) private {
        Asset storage asset = _assets[ref.system][ref.token];
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
