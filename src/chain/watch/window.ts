import type { Header } from "./node";

/** The blocks after the final one, as the node last told: consecutive, each the parent of the next. */
export class HeaderWindow {
  private headers: Header[];

  /** @param base the final block that the window stands on */
  constructor(base: Header) {
    this.headers = [base];
  }

  get base(): Header {
    return this.headers[0]!;
  }

  get tip(): Header {
    return this.headers[this.headers.length - 1]!;
  }

  at(number: number): Header | undefined {
    return this.headers[number - this.base.number];
  }

  has({ number, hash }: Pick<Header, "number" | "hash">): boolean {
    return this.at(number)?.hash === hash;
  }

  /**
   * Takes over the branch that ends in `head`.
   * @param branch its blocks that the window has not, consecutive
   * @returns how many blocks of the window are gone by it
   */
  take(branch: readonly Header[], head: Header): number {
    const first = branch[0] ?? head;
    const kept = first.number - this.base.number + (branch.length === 0 ? 1 : 0);
    const gone = this.headers.length - kept;
    this.headers = [...this.headers.slice(0, kept), ...branch];
    return gone;
  }

  /** Forgets what is older than `number`, which is final by now. */
  moveBase(number: number): void {
    this.headers = this.headers.slice(Math.max(0, number - this.base.number));
  }
}
