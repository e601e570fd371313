// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {IHTLC} from "./interfaces/IHTLC.sol";
import {Preimage} from "./libraries/Preimage.sol";
import {TokenTransfer} from "./libraries/TokenTransfer.sol";
import {Held, HeldLib} from "./types/Held.sol";

/// @title Hash time locks for ERC-20 tokens and native coin
/// @notice No owner, no upgrade, no fee; it knows neither hub nor registry.
contract HTLC is IHTLC, EIP712, ReentrancyGuardTransient {
    bytes32 private constant PERMISSION_TYPEHASH = keccak256(
        "Permission(bytes32 id,uint64 lockedAt,address claimer,uint64 deadline)"
    );

    mapping(bytes32 id => Held) private _locks;

    constructor() EIP712("Starledger HTLC", "1") {}

    /// @inheritdoc IHTLC
    function lock(
        bytes32 hash,
        address token,
        uint256 amount,
        uint64 expiry,
        address recipient
    ) external payable nonReentrant {
        _lock(hash, token, amount, expiry, recipient);
    }

    /// @inheritdoc IHTLC
    function lockWithPermit(
        bytes32 hash,
        address token,
        uint256 amount,
        uint64 expiry,
        address recipient,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external nonReentrant {
        LowLevelCall.callNoReturn(
            token,
            abi.encodeCall(IERC20Permit.permit, (msg.sender, address(this), amount, deadline, v, r, s))
        );
        _lock(hash, token, amount, expiry, recipient);
    }

    /// @inheritdoc IHTLC
    function claim(
        bytes32 preimage,
        address token,
        uint256 amount,
        address recipient,
        address payer
    ) external nonReentrant {
        (bytes32 id, ) = _claimable(preimage, token, amount, recipient, payer);
        _claim(id, preimage, token, recipient, amount);
    }

    /// @inheritdoc IHTLC
    function claimMany(
        address token,
        address recipient,
        Claim[] calldata claims
    ) external nonReentrant returns (uint256 total) {
        for (uint256 i = 0; i < claims.length; ++i) {
            Claim calldata c = claims[i];
            bytes32 id = _id(Preimage.hash(c.preimage), token, recipient, c.payer);
            Held held = _locks[id];
            if (!held.isLive() || held.amount() != c.amount || block.timestamp >= held.expiry()) continue;

            total += c.amount;
            _locks[id] = HeldLib.NONE;

            emit Claimed(id, c.preimage);
        }
        if (total == 0) revert HTLC_NothingToClaim();

        _pay(token, recipient, total);
    }

    /// @inheritdoc IHTLC
    function claimTo(bytes32 preimage, address token, uint256 amount, address payer, address to) external nonReentrant {
        _requireRecipient(to);
        (bytes32 id, ) = _claimable(preimage, token, amount, msg.sender, payer);

        _claim(id, preimage, token, to, amount);
    }

    /// @inheritdoc IHTLC
    function claimWithPermission(
        bytes32 preimage,
        address token,
        uint256 amount,
        address recipient,
        address payer,
        uint64 deadline,
        bytes calldata signature
    ) external nonReentrant {
        if (block.timestamp > deadline) revert HTLC_PermissionExpired(deadline, block.timestamp);
        (bytes32 id, uint64 lockedAt) = _claimable(preimage, token, amount, recipient, payer);
        bytes32 digest = _hashTypedDataV4(
            keccak256(abi.encode(PERMISSION_TYPEHASH, id, lockedAt, msg.sender, deadline))
        );
        if (!SignatureChecker.isValidSignatureNowCalldata(recipient, digest, signature)) {
            revert HTLC_InvalidPermission(id, msg.sender);
        }

        _claim(id, preimage, token, msg.sender, amount);
    }

    /// @inheritdoc IHTLC
    function refund(bytes32 hash, address token, address recipient, address payer) external nonReentrant {
        bytes32 id = _id(hash, token, recipient, payer);
        Held held = _locks[id];
        if (!held.isLive()) revert HTLC_UnknownLock(id);
        if (block.timestamp < held.expiry()) revert HTLC_NotExpired(held.expiry(), block.timestamp);

        _locks[id] = HeldLib.NONE;

        emit Refunded(id);

        _pay(token, payer, held.amount());
    }

    /// @inheritdoc IHTLC
    function lockOf(
        bytes32 hash,
        address token,
        address recipient,
        address payer
    ) external view returns (bytes32 id, uint256 amount, uint64 expiry, uint64 lockedAt) {
        id = _id(hash, token, recipient, payer);
        Held held = _locks[id];
        return (id, held.amount(), held.expiry(), held.lockedAt());
    }

    /// @dev The tokens come first, for what arrives is what is stored; nothing can be re-entered meanwhile.
    function _lock(bytes32 hash, address token, uint256 amount, uint64 expiry, address recipient) private {
        _requireRecipient(recipient);
        if (block.timestamp >= expiry) revert HTLC_Expired(expiry, block.timestamp);
        bytes32 id = _id(hash, token, recipient, msg.sender);
        if (_locks[id].isLive()) revert HTLC_LockExists(id);
        uint256 received = _pull(token, amount);
        if (received == 0 || received > type(uint128).max) revert HTLC_InvalidAmount(received, type(uint128).max);

        _locks[id] = HeldLib.held(received, expiry);

        emit Locked(hash, token, recipient, msg.sender);
    }

    function _pull(address token, uint256 amount) private returns (uint256) {
        if (token == address(0)) {
            if (msg.value != amount) revert HTLC_WrongValue(msg.value, amount);
            return amount;
        }
        if (msg.value != 0) revert HTLC_WrongValue(msg.value, 0);
        return TokenTransfer.pullTokens(token, amount);
    }

    function _claimable(
        bytes32 preimage,
        address token,
        uint256 amount,
        address recipient,
        address payer
    ) private view returns (bytes32 id, uint64 lockedAt) {
        id = _id(Preimage.hash(preimage), token, recipient, payer);
        Held held = _locks[id];
        if (!held.isLive() || held.amount() != amount) revert HTLC_UnknownLock(id);
        if (block.timestamp >= held.expiry()) revert HTLC_Expired(held.expiry(), block.timestamp);
        lockedAt = held.lockedAt();
    }

    function _claim(bytes32 id, bytes32 preimage, address token, address to, uint256 amount) private {
        _locks[id] = HeldLib.NONE;

        emit Claimed(id, preimage);

        _pay(token, to, amount);
    }

    function _pay(address token, address to, uint256 amount) private {
        if (!TokenTransfer.push(token, to, amount)) revert HTLC_TransferFailed(token, to, amount);
    }

    function _requireRecipient(address account) private view {
        if (account == address(0) || account == address(this)) revert HTLC_InvalidRecipient(account);
    }

    /// @dev keccak256(abi.encode(hash, token, recipient, payer)), without taking memory for good.
    function _id(bytes32 hash, address token, address recipient, address payer) private pure returns (bytes32 id) {
        assembly ("memory-safe") {
            let p := mload(0x40)
            mstore(p, hash)
            mstore(add(p, 32), token)
            mstore(add(p, 64), recipient)
            mstore(add(p, 96), payer)
            id := keccak256(p, 128)
        }
    }
}
