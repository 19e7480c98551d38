/**
 * The places of a text that a pattern names (`?` stands for one character, `*` for any number of them), or undefined if it does
 * not fit the whole text. A `*` takes as few characters as it can.
 */
export function fitWildcard(pattern: string, text: string): readonly number[] | undefined {
  const [wanted, chars] = [[...pattern], [...text]];
  let named: number[] = [];
  let [p, at] = [0, 0];
  let star: Readonly<{ p: number; at: number; named: readonly number[] }> | undefined;
  while (at < chars.length || p < wanted.length) {
    const sign = wanted[p];
    if (sign === '*') {
      star = { p, at, named };
      p += 1;
    } else if (at < chars.length && (sign === '?' || sign === chars[at])) {
      if (sign !== '?') named = [...named, at];
      p += 1;
      at += 1;
    } else if (star && star.at < chars.length) {
      star = { ...star, at: star.at + 1 };
      [p, at, named] = [star.p + 1, star.at, [...star.named]];
    } else {
      return undefined;
    }
  }
  return named;
}

/** The longest run of letters and digits of a pattern; every text that fits contains it. */
export function longestRun(pattern: string): string {
  return pattern.split(/[?*]+/).reduce((longest, run) => (run.length > longest.length ? run : longest));
}

export function isWildcard(pattern: string): boolean {
  return /[?*]/.test(pattern);
}
