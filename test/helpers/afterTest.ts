type Tasks = (() => unknown)[];

const ofTests = new WeakMap<Mocha.Suite, Tasks>();
const ofSuites = new WeakMap<Mocha.Suite, Tasks>();

/**
 * Does `task` when the test is over, or when its whole suite is if it is a `before` hook that asks; the last one asked for
 * first.
 */
export function afterTest(context: Mocha.Context, task: () => unknown): void {
  const runnable = context.runnable();
  const suite = runnable.parent!;
  if (runnable.title.startsWith('"before all" hook')) tasksOf(ofSuites, suite, "afterAll").push(task);
  else tasksOf(ofTests, suite, "afterEach").push(task);
}

function tasksOf(known: WeakMap<Mocha.Suite, Tasks>, suite: Mocha.Suite, hook: "afterEach" | "afterAll"): Tasks {
  const before = known.get(suite);
  if (before !== undefined) return before;
  const tasks: Tasks = [];
  known.set(suite, tasks);
  suite[hook](async () => {
    for (const task of tasks.splice(0).reverse()) await task();
  });
  return tasks;
}
