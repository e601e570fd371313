import type { Random } from "../../../scripts/torture/random";
import type { Address } from "../../../src/protocol";
import type { Image } from "../life";
import { pick } from "../pick";

/** A copy of the disk of all systems, made while nothing was written. */
export interface Backup {
  readonly image: Image;
  /** The last event of each system's log that it holds. */
  readonly lastEvents: ReadonlyMap<Address, bigint>;
}

/** Copies that are kept: one may be of before an earlier loss. */
const KEPT = 3;

/** The copies that the operators have. */
export class Backups {
  private readonly all: Backup[] = [];

  get isEmpty(): boolean {
    return this.all.length === 0;
  }

  add(backup: Backup): void {
    this.all.push(backup);
    this.all.splice(0, this.all.length - KEPT);
  }

  any(random: Random): Backup {
    return pick(this.all, random);
  }
}
