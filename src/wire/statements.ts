import * as z from "zod";

import { day, time } from "./times";
import { address, decimals, hash, int128, list, uint128, unsigned } from "./values";
import { eventType, ledgerAccount } from "./events";

const format = z.enum(["json", "csv"]).default("json");

export const statementQuery = z.strictObject({
  token: address,
  from: time.meta({ description: "The period begins with this moment." }),
  to: time.meta({ description: "It ends before this one." }),
  format,
});

export const statement = z.object({
  account: address,
  token: address,
  decimals,
  from: time,
  to: time,
  opening: int128.meta({ description: "What the account had, locked money left out." }),
  closing: int128,
  lines: list(
    z.object({
      number: unsigned,
      time,
      type: eventType,
      counterparty: ledgerAccount,
      reference: hash,
      debit: uint128,
      credit: uint128,
      balance: int128,
    }),
  ),
});

export const dailyQuery = z.strictObject({ system: address.optional(), date: day, format });

/** `closing` is `opening` and what came in (issued, deposited, restored), less what went out (redeemed, withdrawn, settled, fees). */
export const dailyStatement = z.object({
  system: address,
  token: address,
  decimals,
  date: day,
  opening: int128.meta({ description: "What the system owed its customers, locked money included." }),
  issued: int128,
  deposited: int128,
  redeemed: int128,
  withdrawn: int128,
  settled: int128.meta({ description: "Left to the chain when channels were closed." }),
  fees: int128,
  restored: int128.meta({ description: "What the books did not know after a loss of data." }),
  closing: int128,
  limit: unsigned
    .nullable()
    .meta({ description: "What the backing allowed at the end; null before the asset was listed." }),
});
