import path from "node:path";

import Database from "libsql";

import { openStore, type Store } from "../../src/store";
import { Files } from "./disk";
import { Life, type Image } from "./life";
import type { Stage } from "./stage";

/**
 * The machine whose disk holds the database of all systems: the processes that lead them live on it. A process dies with it, or alone;
 * then the database is as it was, and the others use it.
 */
export class Machine {
  private boots = 0;
  private files: Files;
  private connected: Database.Database | undefined;
  private readonly living = new Set<Life>();

  constructor(private readonly stage: Stage) {
    this.files = this.boot();
  }

  /** A connection beside those of the processes: for the driver, and for whoever watches. */
  get database(): Database.Database {
    if (this.connected === undefined) {
      this.connected = new Database(this.databaseFile);
      this.connected.exec("PRAGMA busy_timeout = 5000");
    }
    return this.connected;
  }

  /** What a process has of the database. */
  async open(): Promise<Store> {
    const url = `sqlite:${this.databaseFile}`;
    return await this.stage.outside.wait(() => openStore(url));
  }

  /** A process begins. */
  newLife(name: string, onDeath: () => void): Life {
    const life: Life = new Life(name, this.files, this.stage.outside, (how) => {
      this.living.delete(life);
      this.stage.say(`${name} dies ${how}`);
      this.stage.count(`service dies ${how}`);
      onDeath();
    });
    this.living.add(life);
    return life;
  }

  /** What its disk holds, while nothing is written. */
  image(): Image {
    return this.files.image();
  }

  /** It dies, and its disk with it: the next boot finds this one. */
  replaceDisk(image: Image): void {
    this.files.leave(image);
  }

  /** Where the database is that the next process finds. */
  get databaseFile(): string {
    return this.file(this.boots);
  }

  stop(): void {
    this.connected?.close();
  }

  private boot(): Files {
    const files = [this.boots, this.boots + 1].map((boot) => [this.file(boot), `${this.file(boot)}-wal`]);
    return new Files(files[0]!, files[1]!, () => this.goDown());
  }

  /** The next boot finds what the disk has kept. */
  private goDown(): void {
    this.connected?.close();
    this.connected = undefined;
    this.boots += 1;
    this.files = this.boot();
    for (const life of [...this.living]) life.endAlone("with its machine");
  }

  private file(boot: number): string {
    return path.join(this.stage.folder, `service-${boot}.db`);
  }
}
