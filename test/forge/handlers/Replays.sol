// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MessageHash} from "../../../contracts/libraries/MessageHash.sol";
import {CloseOrder, Closing, LockProof, Note, State, Withdrawal} from "../../../contracts/types/Messages.sol";
import {Signing} from "../helpers/Signing.sol";
import {Attacks} from "./Attacks.sol";
import {Ghost} from "./Ghosts.sol";

/// @notice Messages that were signed, but not for this: another epoch, channel, hub, kind, side or time.
abstract contract Replays is Attacks {
    /// What all messages of one replay are signed for, and by whom.
    struct Wrong {
        bytes32 id;
        bytes32 domain;
        uint256 userKey;
        uint256 systemKey;
        uint64 deadline;
    }

    /// A state by both, and a note.
    struct Signed {
        bytes byUser;
        bytes bySystem;
        bytes onNote;
    }

    function replay(uint256 who, uint256 seed) external {
        Ghost storage g = _pick(who);
        Wrong memory w = Wrong(_id(g), separator, g.key, _market(g).signerKey, uint64(block.timestamp + 1));
        uint256 way = seed % 7;
        if (way == 0) w.id = _idAt(g, uint256(g.epoch) + 1);
        else if (way == 1) w.id = _id(_ghost(seed >> 8));
        else if (way == 2) w.domain = Signing.separator(STRANGER);
        else if (way == 3) (w.userKey, w.systemKey) = (w.systemKey, w.userKey);
        else if (way == 4 && g.epoch != 0) w.id = _idAt(g, uint256(g.epoch) - 1);
        else if (way == 5) w.deadline = uint64(block.timestamp - 1);
        else if (way == 6) w.deadline = uint64(block.timestamp + PERIOD + 1);
        if (way == 4 && g.epoch == 0) return;
        if (way == 1 && w.id == _id(g)) return;
        _refuse(_dated(g, w));
        if (way < 5) _refuse(_undated(g, w));
        _refuse(_otherKind(g));
        (bool again, ) = _try(STRANGER, 0, abi.encodeCall(hub.settle, (_ref(g), g.lastDispute, g.lastStanding)));
        _hold(!again, "8: an old close was settled again");
    }

    function _refuse(bytes[3] memory calls) private {
        for (uint256 i = 0; i < 3; ++i) {
            (bool ok, ) = _try(STRANGER, 0, calls[i]);
            _hold(!ok, "7: a message meant for something else was taken");
        }
    }

    function _idAt(Ghost storage g, uint256 epoch) private view returns (bytes32) {
        return keccak256(abi.encode(_market(g).system, g.user, _market(g).token, epoch));
    }

    /// A state and a note that are newer than all others, as checkpoint, challenge and proof.
    function _undated(Ghost storage g, Wrong memory w) private view returns (bytes[3] memory calls) {
        (State memory s, Note memory n) = _newest();
        Signed memory c = _signBoth(w, s, n);
        calls[0] = abi.encodeCall(hub.checkpoint, (_ref(g), s, c.byUser, c.bySystem));
        calls[1] = abi.encodeCall(hub.challenge, (_ref(g), g.pending.dispute, s, c.byUser, c.bySystem, ""));
        calls[2] = abi.encodeCall(
            hub.prove,
            (_ref(g), g.pending.dispute, g.pending.standing, n, c.onNote, new LockProof[](0), "")
        );
    }

    /// A close, a withdrawal and a cooperative end, which have a deadline.
    function _dated(Ghost storage g, Wrong memory w) private view returns (bytes[3] memory calls) {
        calls[0] = _closeCall(g, w);
        Withdrawal memory taken = Withdrawal(uint128(g.withdrawn + 1), uint128(g.reclaimed), g.user, w.deadline);
        bytes32 hash = Signing.withdrawal(taken, w.id);
        bytes memory byUser = Signing.sign(w.userKey, w.domain, hash);
        bytes memory bySystem = Signing.sign(w.systemKey, w.domain, hash);
        calls[1] = abi.encodeCall(hub.withdraw, (_ref(g), taken, byUser, bySystem));
        Closing memory end = Closing(1, w.deadline);
        hash = Signing.closing(end, w.id);
        byUser = Signing.sign(w.userKey, w.domain, hash);
        bySystem = Signing.sign(w.systemKey, w.domain, hash);
        calls[2] = abi.encodeCall(hub.closeCooperatively, (_ref(g), end, byUser, bySystem));
    }

    function _closeCall(Ghost storage g, Wrong memory w) private view returns (bytes memory) {
        (State memory s, Note memory n) = _newest();
        bytes32 noteHash = Signing.note(n, w.id);
        bytes32 hash = MessageHash.hashClose(w.id, g.user, Signing.state(s, w.id), noteHash, false, w.deadline);
        CloseOrder memory order = CloseOrder(g.user, false, w.deadline, Signing.sign(w.userKey, w.domain, hash));
        Signed memory c = _signBoth(w, s, n);
        return abi.encodeCall(hub.close, (_ref(g), s, n, c.bySystem, c.onNote, order));
    }

    /// For the right channel, but signed as a withdrawal and shown as an end of the epoch, a state and a note.
    function _otherKind(Ghost storage g) private view returns (bytes[3] memory calls) {
        uint64 deadline = uint64(block.timestamp + 1);
        bytes32 hash = Signing.withdrawal(Withdrawal(uint128(g.withdrawn + 1), 0, g.user, deadline), _id(g));
        (bytes memory byUser, bytes memory bySystem) = (_sign(g.key, hash), _sign(_market(g).signerKey, hash));
        (State memory s, Note memory n) = _newest();
        Closing memory end = Closing(1, deadline);
        calls[0] = abi.encodeCall(hub.closeCooperatively, (_ref(g), end, byUser, bySystem));
        calls[1] = abi.encodeCall(hub.checkpoint, (_ref(g), s, byUser, bySystem));
        calls[2] = abi.encodeCall(
            hub.prove,
            (_ref(g), g.pending.dispute, g.pending.standing, n, bySystem, new LockProof[](0), "")
        );
    }

    function _signBoth(Wrong memory w, State memory s, Note memory n) private pure returns (Signed memory) {
        bytes32 hash = Signing.state(s, w.id);
        return
            Signed(
                Signing.sign(w.userKey, w.domain, hash),
                Signing.sign(w.systemKey, w.domain, hash),
                Signing.sign(w.systemKey, w.domain, Signing.note(n, w.id))
            );
    }

    function _newest() private pure returns (State memory s, Note memory n) {
        s.version = 2 ** 40;
        (n.seq, n.credited) = (2 ** 63, 1e12);
    }
}
