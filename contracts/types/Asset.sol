// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What stands behind the balances of an asset.
enum Backing {
    None,
    Issued,
    Reserve,
    Collateral
}

/// @notice What a system fixes when it lists a token; times in seconds.
struct AssetSettings {
    Backing backing;
    uint32 challengePeriod;
    uint32 claimWindow;
    uint32 lockLimit;
    uint128 award;
    uint128 staleFee;
}

/// @notice The books of one (system, token). `reserve` is free of claims: what enters it pays claims first.
struct Asset {
    uint128 reserve;
    Backing backing;
    uint32 challengePeriod;
    uint32 claimWindow;
    uint32 lockLimit;
    bool indebted;
    uint128 award;
    uint128 staleFee;
    uint128 bond;
    uint128 awarded;
    uint64 systemCloses;
    uint64 lastSystemClose;
    uint64 claimCount;
    uint64 awardCount;
    // Positions on one line of all claims ever recorded: claims up to `funded` have their money set aside.
    uint256 claimed;
    uint256 funded;
}

/// @notice A payout that nothing covered yet: it holds the stretch `[start, start + amount)` of the line of claims.
struct Claim {
    address recipient;
    uint256 start;
    uint256 amount;
}

/// @notice A part of the bond that a cheated party (or its watchtower) takes once `ripeAt` has come.
struct Award {
    address recipient;
    uint64 ripeAt;
    uint128 amount;
}

/// @notice What a system may take out, or which signer it may retire, once its notice is ripe.
enum NoticeKind {
    Reserve,
    Bond,
    Signer
}

/// @notice A public notice; `value` is an amount or, for a signer, its address.
struct Notice {
    uint256 value;
    uint64 givenAt;
}
