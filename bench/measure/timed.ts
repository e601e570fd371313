/** What something took: seconds, and microseconds of all cores. */
export interface Took {
  readonly seconds: number;
  readonly micros: number;
}

export async function timed<T>(act: () => Promise<T>): Promise<{ readonly result: T; readonly took: Took }> {
  const [began, processor] = [performance.now(), process.cpuUsage()];
  const result = await act();
  const { user, system } = process.cpuUsage(processor);
  return { result, took: { seconds: (performance.now() - began) / 1000, micros: user + system } };
}
