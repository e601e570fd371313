// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ChannelRef} from "../types/Messages.sol";
import {IHubChannels} from "./IHubChannels.sol";
import {IPermit2} from "./IPermit2.sol";

/// @title Deposits in one transaction, with a signature in the place of an approval
/// @notice Takes tokens and pays them into the channel named, all or nothing. What is taken is the sender's own, or what its
/// owner signed for this very channel; it keeps nothing. A fee-on-transfer token takes its fee twice, on the way here and
/// on the way to the hub; the channel is credited with what arrives there.
interface IDepositRouter {
    /// @notice Thrown for the chain's native coin, which needs no approval: call the hub's `deposit`.
    error DepositRouter_NativeCoin();
    /// @notice Thrown when neither the permit nor an earlier approval lets the router take `want`.
    error DepositRouter_InsufficientAllowance(uint256 got, uint256 want);
    /// @notice Thrown where Permit2 is not deployed.
    error DepositRouter_NoPermit2(address permit2);

    /// @notice Deposits `amount` of the sender's tokens, by its ERC-2612 permit for this router. A permit that somebody has
    /// sent ahead, or that the token does not know, is no harm as long as the approval is there.
    function depositWithPermit(
        ChannelRef calldata ref,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice Deposits all that `owner` permitted by Permit2 with the witness `ChannelDeposit(address system,address user)`,
    /// sent by anyone: the signature names token, amount and channel, so that a copy of it can do nothing else.
    /// @param permit Its token is the channel's.
    function depositWithPermit2(
        address system,
        address user,
        IPermit2.PermitTransferFrom calldata permit,
        address owner,
        bytes calldata signature
    ) external;

    /// @notice Where the deposits go.
    function hub() external view returns (IHubChannels);

    /// @notice Who verifies the signatures of `depositWithPermit2`.
    function permit2() external view returns (IPermit2);
}
