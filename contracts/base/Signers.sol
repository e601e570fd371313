// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {
    Hub_InvalidAppointment,
    Hub_InvalidSystemSignature,
    Hub_InvalidUserSignature,
    Hub_NotEvidence
} from "../interfaces/IHubErrors.sol";
import {MessageHash} from "../libraries/MessageHash.sol";
import {Appointment, ChannelRef, CloseOrder, State} from "../types/Messages.sol";
import {HubStorage} from "./HubStorage.sol";

/// @title Whose signatures count (protocol sections 1 and 3)
/// @notice A party that sends the transaction itself need not sign as well: its signature may be empty.
abstract contract Signers is HubStorage, EIP712 {
    constructor() EIP712("Starledger", "1") {}

    function _requireUserSignature(
        bytes32 id,
        address user,
        bytes32 structHash,
        bytes calldata signature
    ) internal view {
        if (signature.length == 0 && msg.sender == user) return;
        if (!_isUserKey(id, user, _hashTypedDataV4(structHash), signature)) {
            revert Hub_InvalidUserSignature(id, structHash);
        }
    }

    /// @dev For withdrawals and cooperative closings, which contract wallets (ERC-1271) may sign as well.
    function _requireUserConsent(bytes32 id, address user, bytes32 structHash, bytes calldata signature) internal view {
        if (signature.length == 0 && msg.sender == user) return;
        bytes32 digest = _hashTypedDataV4(structHash);
        if (_isUserKey(id, user, digest, signature)) return;
        if (user.code.length == 0 || !SignatureChecker.isValidERC1271SignatureNowCalldata(user, digest, signature)) {
            revert Hub_InvalidUserSignature(id, structHash);
        }
    }

    /// @dev On `structHash` itself, or on the root of the batch that the proof behind the signature leads to.
    function _requireSystemSignature(
        bytes32 id,
        address system,
        bytes32 structHash,
        bytes calldata signed
    ) internal view {
        if (signed.length == 0 && msg.sender == system) return;
        uint256 size = signed.length % 32 == 0 ? 64 : 65;
        bytes32 signedHash = structHash;
        if (signed.length > size) {
            bytes32[] calldata proof;
            assembly ("memory-safe") {
                proof.offset := add(signed.offset, size)
                proof.length := shr(5, sub(signed.length, size))
            }
            bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(structHash))));
            signedHash = MessageHash.hashBatch(MerkleProof.processProofCalldata(proof, leaf));
        }
        if (
            signed.length < size ||
            (signed.length - size) % 32 != 0 ||
            !_signers[system][_recover(_hashTypedDataV4(signedHash), signed[:size])]
        ) revert Hub_InvalidSystemSignature(id, structHash);
    }

    function _requireSystemConsent(
        bytes32 id,
        address system,
        bytes32 structHash,
        bytes calldata signature
    ) internal view {
        if (signature.length == 0 && msg.sender == system) return;
        bytes32 digest = _hashTypedDataV4(structHash);
        if (_signers[system][_recover(digest, signature)]) return;
        if (
            system.code.length == 0 || !SignatureChecker.isValidERC1271SignatureNowCalldata(system, digest, signature)
        ) {
            revert Hub_InvalidSystemSignature(id, structHash);
        }
    }

    /// @dev A complete state: signed by U, then by S.
    function _requireComplete(
        ChannelRef calldata ref,
        bytes32 id,
        State calldata state,
        bytes calldata userSignature,
        bytes calldata systemSignature
    ) internal view returns (bytes32 stateHash) {
        if (state.version == 0) revert Hub_NotEvidence(id);
        stateHash = MessageHash.hash(state, id);
        _requireUserSignature(id, ref.user, stateHash, userSignature);
        _requireSystemSignature(id, ref.system, stateHash, systemSignature);
    }

    /// @dev A relayed close needs the closer's order; contract wallets send theirs themselves.
    function _requireCloseOrder(
        bytes32 id,
        ChannelRef calldata ref,
        bytes32 orderHash,
        CloseOrder calldata order
    ) internal view {
        bytes32 digest = _hashTypedDataV4(orderHash);
        if (order.party == ref.system) {
            if (!_signers[ref.system][_recover(digest, order.signature)]) {
                revert Hub_InvalidSystemSignature(id, orderHash);
            }
        } else if (!_isUserKey(id, ref.user, digest, order.signature)) {
            revert Hub_InvalidUserSignature(id, orderHash);
        }
    }

    /// @dev An appointment counts only if the victim signed it, for this channel and epoch. None is one of nobody.
    function _appointment(
        bytes32 id,
        ChannelRef calldata ref,
        address victim,
        bytes calldata encoded
    ) internal view returns (Appointment memory a) {
        if (encoded.length == 0) return a;
        if (encoded.length < 30) revert Hub_InvalidAppointment(id, address(0));
        a.tower = address(bytes20(encoded[:20]));
        a.shareBps = uint16(bytes2(encoded[20:22]));
        a.until = uint64(bytes8(encoded[22:30]));
        bytes32 digest = _hashTypedDataV4(MessageHash.hash(a, id, victim));
        bool signed =
            victim == ref.system
                ? _signers[victim][_recover(digest, encoded[30:])]
                : _isUserKey(id, victim, digest, encoded[30:]);
        if (!signed || a.tower == address(0) || a.shareBps > 10_000 || a.until < block.timestamp) {
            revert Hub_InvalidAppointment(id, a.tower);
        }
    }

    function _isUserKey(
        bytes32 id,
        address user,
        bytes32 digest,
        bytes calldata signature
    ) private view returns (bool) {
        address signer = _recover(digest, signature);
        return signer != address(0) && (signer == user || signer == _userSigners[id]);
    }

    /// @dev Takes 65 bytes or the 64 of ERC-2098; a high `s`, a zero recovery or any other length gives zero,
    /// which is never a signer.
    function _recover(bytes32 digest, bytes calldata signature) private pure returns (address signer) {
        if (signature.length == 64) {
            (signer, , ) = ECDSA.tryRecover(digest, bytes32(signature[:32]), bytes32(signature[32:]));
        } else {
            (signer, , ) = ECDSA.tryRecoverCalldata(digest, signature);
        }
    }
}
