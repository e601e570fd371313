const waiting = new WeakMap<Mocha.Suite, (() => unknown)[]>();

/** Does `task` when the test is over, the last one asked for first. */
export function afterTest(context: Mocha.Context, task: () => unknown): void {
  const suite = context.runnable().parent!;
  let tasks = waiting.get(suite);
  if (tasks === undefined) {
    const own: (() => unknown)[] = (tasks = []);
    waiting.set(suite, own);
    suite.afterEach(async () => {
      for (const task of own.splice(0).reverse()) await task();
    });
  }
  tasks.push(task);
}
