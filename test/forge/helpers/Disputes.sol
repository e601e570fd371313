// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DisputeRecord} from "../../../contracts/types/Dispute.sol";
import {Vm} from "./Forge.sol";

/// @notice Where the hub publishes a dispute record; nothing else looks into it.
library Disputes {
    /// The record that the hub's first `ChannelClosing` among `logs` published.
    function find(Vm.Log[] memory logs) internal pure returns (DisputeRecord memory) {
        bytes32 topic = keccak256("ChannelClosing(bytes32,address,(uint256,uint256,uint256,uint256,bytes32))");
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == topic) return abi.decode(logs[i].data, (DisputeRecord));
        }
        revert("no close");
    }
}
