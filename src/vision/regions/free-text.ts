/** Characters of plates, as far as they are read. */
export const SIGNS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** How long texts outside of all patterns are: share of lengths 1, 2, 3, … An assumption, not a count. */
const LENGTH_SHARES = [0.01, 0.03, 0.06, 0.1, 0.16, 0.22, 0.24, 0.1, 0.05, 0.02, 0.008, 0.002];

/** Share that a look-alike keeps where a region's plates carry the other one. */
const UNUSUAL = 0.1;

/** Probability of any text, known pattern or not: lengths by share, characters alike but for those never carried. */
export type FreeText = Readonly<{ lengths: readonly number[]; characters: ReadonlyMap<string, number> }>;

/** Free texts over `signs`, up to `lengths.length` characters; `readAs` names characters that are mostly read as another. */
export function describeFreeText(
  readAs: Readonly<Record<string, string>>,
  signs: string = SIGNS,
  lengths: readonly number[] = LENGTH_SHARES,
): FreeText {
  const shares = [...signs].map((sign) => (readAs[sign] === undefined ? 1 : UNUSUAL));
  const all = shares.reduce((sum, share) => sum + share, 0);
  const total = lengths.reduce((sum, share) => sum + share, 0);
  return {
    lengths: lengths.map((share) => share / total),
    characters: new Map([...signs].map((sign, index) => [sign, shares[index] / all])),
  };
}

/** Probability of exactly this text; 0 for characters and lengths that no plate has. */
export function measureFreeText({ lengths, characters }: FreeText, text: string): number {
  let p = lengths[text.length - 1] ?? 0;
  for (const sign of text) p *= characters.get(sign) ?? 0;
  return p;
}
