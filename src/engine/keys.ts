// Values by several texts: to look up one after the other costs less than to join them, and the joined text is not kept.

/** By two, of which the first has few values. */
export class PairMap<Value> {
  private readonly maps = new Map<string, Map<string, Value>>();

  get(first: string, second: string): Value | undefined {
    return this.maps.get(first)?.get(second);
  }

  set(first: string, second: string, value: Value): void {
    const map = this.maps.get(first);
    if (map === undefined) this.maps.set(first, new Map([[second, value]]));
    else map.set(second, value);
  }

  get size(): number {
    let size = 0;
    for (const map of this.maps.values()) size += map.size;
    return size;
  }

  *values(): Generator<Value> {
    for (const map of this.maps.values()) yield* map.values();
  }
}

/** By three, of which the first two have few values. */
export class TripleMap<Value> {
  private readonly maps = new Map<string, PairMap<Value>>();

  get(first: string, second: string, third: string): Value | undefined {
    return this.maps.get(first)?.get(second, third);
  }

  set(first: string, second: string, third: string, value: Value): void {
    let map = this.maps.get(first);
    if (map === undefined) this.maps.set(first, (map = new PairMap<Value>()));
    map.set(second, third, value);
  }

  get size(): number {
    let size = 0;
    for (const map of this.maps.values()) size += map.size;
    return size;
  }

  *values(): Generator<Value> {
    for (const map of this.maps.values()) yield* map.values();
  }
}
