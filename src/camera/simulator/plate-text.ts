import type { Random } from '../../base/random.ts';

export type PlateStyle = 'de' | 'fr' | 'es' | 'gb' | 'us' | 'br' | 'square';

/** What is written on a plate: one or two lines, with groups separated by spaces. */
export type PlateText = Readonly<{ style: PlateStyle; lines: readonly string[] }>;

export const PLATE_STYLES: readonly PlateStyle[] = ['de', 'fr', 'gb', 'us', 'br', 'square', 'es'];

const LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ';
const DIGITS = '0123456789';
const DISTINCT_LETTERS = 'ACEFHJKLMNPRTUVWXY';
const DISTINCT_DIGITS = '34679';

const DISTRICTS = ['B', 'M', 'HH', 'KA', 'FR', 'HN', 'MZ', 'EF', 'KYF', 'RPL', 'HAL', 'TUE'];
const DISTINCT_DISTRICTS = ['M', 'HH', 'KA', 'FR', 'HN', 'EF', 'KYF', 'HAL'];

/** A plausible registration of the style. Without `confusable` it has no O and 0, I and 1, B and 8, S and 5, Z and 2. */
export function inventPlate(random: Random, style: PlateStyle, confusable: boolean): PlateText {
  const letters = confusable ? LETTERS : DISTINCT_LETTERS;
  const digits = confusable ? DIGITS : DISTINCT_DIGITS;
  const fill = (pattern: string) => pattern.replaceAll(/[A9]/g, (sign) => random.pick(sign === 'A' ? letters : digits));
  const district = () => random.pick(confusable ? DISTRICTS : DISTINCT_DISTRICTS);
  const number = () => `${random.pick(digits.replace('0', ''))}${fill(random.pick(['9', '99', '999']))}`;
  switch (style) {
    case 'de':
      return { style, lines: [`${district()} ${fill(random.pick(['A', 'AA']))} ${number()}`] };
    case 'square':
      return { style, lines: [`${district()}`, `${fill('AA')} ${number()}`] };
    case 'fr':
      return { style, lines: [fill('AA 999 AA')] };
    case 'es':
      return { style, lines: [`${fill('9999')} ${pickThree(random, confusable)}`] };
    case 'gb':
      return { style, lines: [fill('AA99 AAA')] };
    case 'us':
      return { style, lines: [fill(random.pick(['9AAA999', 'AAA 9999']))] };
    case 'br':
      return { style, lines: [fill('AAA9A99')] };
  }
}

/** The text in the form that is searched: letters and digits only. */
export function joinPlate(text: PlateText): string {
  return text.lines.join('').replaceAll(' ', '');
}

/** Spain's series has no vowels. */
function pickThree(random: Random, confusable: boolean): string {
  const letters = confusable ? 'BCDFGHJKLMNPRSTVWXYZ' : 'CFHJKLMNPRTVWXY';
  return Array.from({ length: 3 }, () => random.pick(letters)).join('');
}
