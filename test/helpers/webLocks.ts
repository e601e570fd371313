type Held = (lock: object | null) => Promise<void>;

/** The Web Locks of a browser, as far as the SDK uses them: a lock is held until what it was given to resolves. */
export function webLocks() {
  const held = new Set<string>();
  return {
    request: async (name: string, _: { ifAvailable: true }, hold: Held): Promise<void> => {
      if (held.has(name)) return hold(null);
      held.add(name);
      try {
        await hold({ name });
      } finally {
        held.delete(name);
      }
    },
  };
}
