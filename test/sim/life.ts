import type { Outside } from "./quiet";

/** When a process dies: at this write from now on (1 is the next), before it, in the middle of it, or once it is on disk. */
export interface Doom {
  readonly write: number;
  readonly how: "before" | "within" | "after";
  /** From 0 to 1: how much of a write in the middle of which it dies has reached the disk. */
  readonly share: number;
  /** The machine with its disk, and others on it, live on: of a write in the middle of which it dies nothing is there. */
  readonly isAlone?: boolean;
}

/** What processes write to. */
export interface Disk {
  /** How many writes are under way. */
  writing: number;
  /** What dies is all that writes to it, and does so just now: nothing more is written. */
  isDying: boolean;
  /** What is on it. */
  image(): Image;
  /** Puts what the next life finds where that will look for it. */
  leave(image: Image): void;
}

/** The bytes on a disk, file by file. */
export type Image = readonly Buffer[];

/**
 * One life of a process. When it is over, nothing that the process waits for ever comes, nothing that it sends leaves, and
 * what it writes goes where nobody looks: its code may run on, as nothing in JavaScript can stop it.
 */
export class Life {
  private doom: Doom | undefined;
  private over = false;
  private tellEnd: () => void = () => undefined;
  private readonly ended = new Promise<void>((resolve) => (this.tellEnd = resolve));

  constructor(
    readonly name: string,
    private readonly disk: Disk,
    private readonly outside: Outside,
    private readonly onDeath: (how: string) => void,
  ) {}

  get isOver(): boolean {
    return this.over;
  }

  get isDoomed(): boolean {
    return this.doom !== undefined;
  }

  dooms(doom: Doom): void {
    this.doom = doom;
  }

  /** It does not die of what was to come. */
  spare(): void {
    this.doom = undefined;
  }

  /** Dies now, and all others that write to its disk. */
  end(how = "between two writes"): void {
    if (this.over) return;
    this.leave(this.disk.image(), how);
  }

  /** Dies now; the disk stays as it is, with whoever else writes to it. */
  endAlone(how: string): void {
    if (this.over) return;
    this.over = true;
    this.tellEnd();
    this.onDeath(how);
  }

  /** @returns whether it lived to see it done */
  async survives(act: () => Promise<unknown>): Promise<boolean> {
    await Promise.race([act(), this.ended]);
    return !this.over;
  }

  /** What comes of something; nothing, once the process has died. */
  async hears<T>(what: Promise<T>): Promise<T> {
    await what.catch(() => undefined);
    return await (this.over ? never<T>() : what);
  }

  /** A write that is durable when it resolves. */
  async write<T>(act: () => Promise<T>, tear: (before: Image, after: Image, share: number) => Image): Promise<T> {
    const { doom, disk } = this;
    if (this.over || disk.isDying) return await never<T>();
    if (doom === undefined || doom.write > 1) {
      if (doom !== undefined) this.doom = { ...doom, write: doom.write - 1 };
      disk.writing += 1;
      return await this.hears(this.outside.wait(act).finally(() => (disk.writing -= 1)));
    }
    // It may be refused, too: whoever dies of it hears as little of that.
    const written = () => this.hears(this.outside.wait(act).catch(() => undefined));
    if (doom.isAlone === true) {
      if (doom.how === "after") await written();
      this.endAlone(`alone ${doom.how === "after" ? "after" : "before"} a write`);
      return await never<T>();
    }
    disk.isDying = true;
    // What was begun before is on disk before it.
    while (disk.writing > 0) await new Promise((resolve) => setImmediate(resolve));
    if (this.isOver) return await never<T>();
    const before = this.disk.image();
    if (doom.how === "before") this.leave(before, "before a write");
    else {
      await written();
      const after = this.disk.image();
      if (doom.how === "after") this.leave(after, "after a write");
      else this.leave(tear(before, after, doom.share), "within a write");
    }
    return await never<T>();
  }

  private leave(image: Image, how: string): void {
    if (this.over) return;
    this.endAlone(how);
    this.disk.leave(image);
  }
}

/** What nobody hears of any more. */
export function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}

/** A process that never dies. */
export function immortal(name: string, outside: Outside): Life {
  return new Life(
    name,
    { writing: 0, isDying: false, image: () => [], leave: () => undefined },
    outside,
    () => undefined,
  );
}
