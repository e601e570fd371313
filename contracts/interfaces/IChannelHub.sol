// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IHubBooks} from "./IHubBooks.sol";
import {IHubChannels} from "./IHubChannels.sol";
import {IHubEvents} from "./IHubEvents.sol";

/// @title Starledger's channel hub
/// @notice Holds the money of all channels, and decides what becomes of it when the parties do not agree. Opening a
/// channel takes no transaction: a channel is known by its parties, token and epoch, and remembered from its first
/// deposit, withdrawal or close on.
///
/// Signatures are EIP-712 (`Starledger`, `1`, chain, this contract), of 65 bytes or the 64 of ERC-2098. A party that
/// sends a transaction itself may leave its own signature in it empty. Times are Unix seconds, amounts base units of the
/// token; the zero address is the chain's native coin.
///
/// Tokens: what arrives is what counts, so fee-on-transfer tokens are credited less. A token whose balances shrink by
/// themselves, or that takes fees from the hub's own balance, would leave the hub with less than it owes: do not list it.
/// A payout gets at most 200,000 gas; one that fails is set aside for its recipient and reverts nothing.
interface IChannelHub is IHubChannels, IHubBooks, IHubEvents {}
