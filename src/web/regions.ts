import type { Words } from './words.ts';

/** Regions whose plates have the blue band of Europe at the left, as `plate-formats/plates.json` says. */
const BANDED = new Set(
  `al at ba be bg by cy cz de dk ee es fi fr ge gr hr hu ie is it lt lu lv md me mk mt nl no pl pt ro rs se si sk tr ua`.split(
    ' ',
  ),
);

/** Whether a plate of this region has a blue band; one of an unknown region is drawn without. */
export function hasBand(region: string | null | undefined): boolean {
  return BANDED.has(region ?? '');
}

/** The region in a list: `us-ca` is "US-CA", and `br-mercosul` "BR". */
export function shortenRegion(region: string): string {
  const { country, state } = splitRegion(region);
  return [country, ...(state ? [state] : [])].join('-').toUpperCase();
}

/** The region for people: `gb` is "United Kingdom", `us-ca` "United States, CA" and `br-mercosul` "Brazil, Mercosul". */
export function nameRegion(region: string, words: Words): string {
  const { country, state, form } = splitRegion(region);
  return [nameCountry(country, words), state?.toUpperCase() ?? form].filter(Boolean).join(', ');
}

/** Two letters after the country are a state or a province, more of them a form of its plates. */
function splitRegion(region: string): Readonly<{ country: string; state?: string; form?: string }> {
  const [country = '', rest = ''] = region.split('-', 2);
  if (rest.length === 2) return { country, state: rest };
  return rest === '' ? { country } : { country, form: rest.charAt(0).toUpperCase() + rest.slice(1) };
}

function nameCountry(code: string, { t, country }: Words): string {
  // A part of the United Kingdom is no country of ISO 3166.
  if (code === 'nir') return t.frame.northernIreland;
  return /^[a-z]{2}$/i.test(code) ? country(code.toUpperCase()) : code.toUpperCase();
}
