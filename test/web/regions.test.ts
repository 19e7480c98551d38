import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { messages } from '../../src/web/languages/en/messages.ts';
import { hasBand, nameRegion, shortenRegion } from '../../src/web/regions.ts';
import { createWords } from '../../src/web/words.ts';

const WORDS = createWords({ t: messages, locale: 'en', zone: 'UTC' });

type Form = Readonly<{ code: string; band?: string }>;

describe('the region of a plate', () => {
  it('has a blue band where every plate format of it is drawn with one', async () => {
    const formats = new URL('../../plate-formats/plates.json', import.meta.url);
    const forms = JSON.parse(await readFile(formats, 'utf8')) as readonly Form[];
    expect(forms.length).toBeGreaterThan(150);
    // `eu-half` is a band on half of the plates.
    const banded = forms.filter(({ band }) => band === 'eu' || band === 'eu-both').map(({ code }) => code);
    expect(forms.filter(({ code }) => hasBand(code)).map(({ code }) => code)).toEqual(banded);
    expect(banded).toContain('de');
  });

  it.each([null, undefined, '', 'us', 'us-ca', 'jp', 'gb'])('%j has no band', (region) => {
    expect(hasBand(region)).toBe(false);
  });

  it.each([
    ['gb', 'GB', 'United Kingdom'],
    ['us', 'US', 'United States'],
    ['us-ca', 'US-CA', 'United States, CA'],
    ['ca-on', 'CA-ON', 'Canada, ON'],
    ['br-mercosul', 'BR', 'Brazil, Mercosul'],
    ['nir', 'NIR', 'Northern Ireland'],
    ['xk', 'XK', 'Kosovo'],
    ['other', 'OTHER', 'OTHER'],
  ])('%s is %s in a list and %s in full', (region, short, name) => {
    expect(shortenRegion(region)).toBe(short);
    expect(nameRegion(region, WORDS)).toBe(name);
  });
});
