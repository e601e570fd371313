// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// Every error of the hub. `id` is the channel id, times are Unix seconds.

/// @notice Thrown when a party's address is zero, the hub itself, or the other party's; or when a signer's notice names a
/// token.
error Hub_InvalidAddress(address account);
/// @notice Thrown when the system has not listed the token.
error Hub_UnknownAsset(address system, address token);
/// @notice Thrown when the system lists a token twice: settings never change.
error Hub_AssetExists(address system, address token);
/// @notice Thrown when a setting is outside its bounds.
error Hub_InvalidSetting(string name, uint256 got, uint256 min, uint256 max);
/// @notice Thrown when a system lists as issued a token whose issuer it is not.
error Hub_NotIssuer(address issuer, address system);
/// @notice Thrown when the native coin sent is not what the call takes.
error Hub_WrongValue(uint256 got, uint256 want);
/// @notice Thrown when nothing arrived, or nothing is there to take.
error Hub_NothingToMove();
/// @notice Thrown when a token does not say what the hub holds of it.
error Hub_NotToken(address token);
/// @notice Thrown when an amount exceeds what its slot can hold.
error Hub_AmountTooLarge(uint256 got, uint256 max);
/// @notice Thrown when too little gas is left to make a payout safely.
error Hub_InsufficientGas(uint256 got, uint256 want);
/// @notice Thrown when the recipient or token refuses a collected payout.
error Hub_TransferFailed(address token, address recipient, uint256 amount);

/// @notice Thrown when a close is pending.
error Hub_ChannelClosing(bytes32 id);
/// @notice Thrown when no close is pending.
error Hub_ChannelOpen(bytes32 id);
/// @notice Thrown when the dispute record is not the pending close's.
error Hub_WrongDispute(bytes32 id, uint216 got, uint216 want);
/// @notice Thrown when the state given is not the one that stands.
error Hub_WrongState(bytes32 id, bytes32 got);
/// @notice Thrown when a deadline has passed, or is further away than one challenge period.
error Hub_BadDeadline(uint64 deadline, uint256 min, uint256 max);
/// @notice Thrown when the user's signature is missing or not by a key of the user.
error Hub_InvalidUserSignature(bytes32 id, bytes32 structHash);
/// @notice Thrown when the system's signature is missing or not by one of its signers.
error Hub_InvalidSystemSignature(bytes32 id, bytes32 structHash);
/// @notice Thrown when version 0 or seq 0 is offered as signed evidence, or the empty state or note is not empty.
error Hub_NotEvidence(bytes32 id);
/// @notice Thrown when a state or note is no newer than what stands.
error Hub_Stale(bytes32 id, uint256 got, uint256 want);
/// @notice Thrown when the sender may not do this.
error Hub_NotAllowed(address sender);
/// @notice Thrown when withdrawal totals fall, or none rises.
error Hub_StaleWithdrawal(bytes32 id, uint256 withdrawn, uint256 reclaimed);
/// @notice Thrown when more is reclaimed than the channel's collateral has left.
error Hub_InsufficientCollateral(bytes32 id, uint256 got, uint256 want);
/// @notice Thrown when it is too early or too late: now must be in `[from, until)`.
error Hub_NotNow(uint256 from, uint256 until);
/// @notice Thrown when the user has added a signer for this epoch already.
error Hub_SignerExists(bytes32 id, address signer);
/// @notice Thrown when an appointment is expired, oversized, or not signed by the victim.
error Hub_InvalidAppointment(bytes32 id, address tower);

/// @notice Thrown when a lock is not a leaf of the tree.
error Hub_InvalidLockProof(uint256 index);
/// @notice Thrown when the preimage does not hash to the lock's hash.
error Hub_WrongPreimage(uint256 index);
/// @notice Thrown when the preimage was registered too late or (time 0) never.
error Hub_LockExpired(uint256 index, uint256 time, uint256 until);
