// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {State} from "./Messages.sol";

/// @notice The figures of a state that a close is judged and paid by.
struct Judged {
    uint64 version;
    int128 net;
    uint64 noteSeq;
    uint128 noteCredited;
    uint128 locked;
    uint64 locksExpiry;
    bytes32 stateHash;
}

library JudgedLib {
    function from(State calldata s, bytes32 stateHash) internal pure returns (Judged memory) {
        return Judged(s.version, s.net, s.noteSeq, s.noteCredited, s.locked, s.locksExpiry, stateHash);
    }
}
