// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Shown} from "./Dispute.sol";

/// @notice A channel as it stands; the second half only while a close is pending.
struct ChannelView {
    bytes32 id;
    uint32 epoch;
    bool closing;
    uint256 deposited;
    uint256 collateral;
    uint256 withdrawn;
    uint256 reclaimed;
    uint64 checkpoint;
    uint216 disputeHash;
    bool replaced;
    uint64 standingVersion;
    Shown shown;
    bool systemCheated;
    uint256 nextDeposited;
    uint256 nextCollateral;
}
