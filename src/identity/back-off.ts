/** How patience with wrong attempts runs out: so many are free, then each waits twice as long as the one before. */
export type Patience = Readonly<{ free: number; longestSeconds: number }>;

/**
 * An account is slowed down but never locked, because anybody may type its name: whoever knows the password gets in after a minute at
 * most, and at once from a browser that was signed in before. What comes from one address, and codes of the second factor, wait longer.
 */
export const PATIENCE = {
  account: { free: 5, longestSeconds: 60 },
  address: { free: 20, longestSeconds: 900 },
  device: { free: 10, longestSeconds: 900 },
  code: { free: 5, longestSeconds: 900 },
} as const satisfies Record<string, Patience>;

/** Failures are forgotten after a quiet time of this length. */
export const FORGET_SECONDS = 86_400;

/** Seconds until the next attempt after so many failures in a row. */
export function waitAfter(failures: number, { free, longestSeconds }: Patience): number {
  return failures < free ? 0 : Math.min(longestSeconds, 2 ** (failures - free));
}
