import type { Page } from "playwright-core";

/** How long a page's frames took: the longest, in milliseconds, and how many took more than 50. */
export interface Frames {
  readonly longest: number;
  readonly late: number;
}

/** Runs in the page as it stands here: what compiles this file must not put anything into it. */
const watching = (milliseconds: number): string => `new Promise((resolve) => {
  let [longest, late, last] = [0, 0, performance.now()];
  const end = last + ${milliseconds};
  requestAnimationFrame(function look(now) {
    longest = Math.max(longest, Math.round(now - last));
    if (now - last > 50) late += 1;
    last = now;
    if (now < end) requestAnimationFrame(look);
    else resolve({ longest, late });
  });
})`;

/** Watches a page for a time, in milliseconds. */
export async function longestFrame(page: Page, time: number): Promise<Frames> {
  return await page.evaluate<Frames>(watching(time));
}
