/** Of an account, and of a channel. */
export const TONES = { open: "good", frozen: "warn", closed: "neutral", settled: "neutral" } as const;
