/** Whoever wants to hear of something; one that fails harms nobody else, and hears no more. */
export class Subscriptions<Topic, Delivery> {
  private readonly listeners = new Map<Topic, Set<(delivery: Delivery) => void>>();

  /** Calls `listener` with every delivery, until what is returned is called. */
  add(topic: Topic, listener: (delivery: Delivery) => void): () => void {
    let listeners = this.listeners.get(topic);
    if (listeners === undefined) this.listeners.set(topic, (listeners = new Set()));
    listeners.add(listener);
    return () => this.remove(topic, listener);
  }

  /** @param delivery made only if somebody listens */
  tell(topic: Topic, delivery: () => Delivery): void {
    const listeners = this.listeners.get(topic);
    if (listeners === undefined) return;
    const made = delivery();
    for (const listener of [...listeners]) {
      try {
        listener(made);
      } catch {
        this.remove(topic, listener);
      }
    }
  }

  private remove(topic: Topic, listener: (delivery: Delivery) => void): void {
    const listeners = this.listeners.get(topic);
    listeners?.delete(listener);
    if (listeners?.size === 0) this.listeners.delete(topic);
  }
}
