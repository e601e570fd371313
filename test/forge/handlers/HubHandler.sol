// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Collecting} from "./Collecting.sol";
import {Ghosts} from "./Ghosts.sol";

/// @notice All that can happen: `World` (who and what there is), `Ghosts` and `Ledger` (what is known of it), `OffChain`,
/// `Consent`, `Closing`, `Answers`, `Settling`, `Attacks`, `Replays`, `Collecting` (what is done).
contract HubHandler is Collecting {
    constructor(uint256 focus) Ghosts(focus) {}

    function channels() external view returns (uint256) {
        return _channels();
    }

    function listed() external view returns (uint256) {
        return markets.length;
    }
}
