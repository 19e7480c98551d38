import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readFormats } from '../../src/models/formats.ts';
import { compileSyntax, measureText, type Syntax } from '../../src/vision/regions/syntax.ts';

const FILE = join(import.meta.dirname, '..', '..', 'plate-formats', 'plates.json');
let syntax: Syntax;
beforeAll(async () => {
  syntax = compileSyntax(await readFormats(FILE));
});

/** Whether the patterns of a region give a text. */
function isIssued(region: string, text: string): boolean {
  const at = syntax.regions.indexOf(region);
  if (at < 0) throw new RangeError(`There is no region ${region}`);
  return (measureText(syntax, text).issued[at] ?? 0) > 0;
}

/** Numbers as public descriptions give them, and numbers that the same descriptions rule out. */
const EXAMPLES: readonly [string, string, string][] = [
  ['fr', 'AA123AA AB229CD 1234AB75 456ABC06 1234AB2A', 'AI123AA AO123BC AU123AA 0123AB75 1234AB96'],
  ['gb', 'AB51ABC LC19XYZ A123BCD P1ABC ABC123D YJ07OOO ABC123', 'AI51ABC AB27ABC AQ51ABC IB51ABC O123BCD A023BCD'],
  ['nir', 'AIG1234 OUI4921 BXZ123', 'ABC1234'],
  ['de', 'BAB1234 MXY123 HHAB123 GOEA123 BAB123E HHAB12H', 'BAB0123 QXAB123 BABCDE12'],
  ['at', 'W12345A KU123AB', 'QU123AB W0123A'],
  ['ch', 'ZH123456 AG1234 GE12345', 'ZZ1234 ZH012345'],
  ['it', 'AA000AA FZ123YX', 'AI123AA AB123QU'],
  ['es', '0000BBB 1234XYZ M1234AB', '1234ABC 1234BQC 1234ÑBC'],
  ['pt', '1234AB 12AB34 AB1234 AA01AB', '12345A'],
  ['nl', 'AB1234 12AB34 XDSJ12 12LLGG 12JSP3 9KJT45 PF586T G001BB SJT12K', 'ABC123 PF586A'],
  ['be', '1ABC234 ABC123 2XYZ001', '0ABC123 1AIC234'],
  ['ie', '131D1234 12C123 261D12345 99WX1234', '133D1234 131XX123'],
  ['dk', 'AB12345', 'AB01234 AO12345'],
  ['se', 'ABC123 ABC12D', 'ABI123 ABC12O QBC123'],
  ['no', 'AB12345', 'AI12345 AB01234'],
  ['fi', 'ABC123 ABC1', 'ABC012'],
  ['pl', 'WA12345 WZ1234A KR5AC12 DWR1A23 GDAAC12', 'QA12345 WPI12B4'],
  ['cz', '1A23456 2AB1234', '1G23456 0A12345'],
  ['sk', 'BA123AB KE001ZZ', 'BA1234A'],
  ['hu', 'ABC123 AABB123', 'AB1234'],
  ['ro', 'AB12ABC B123XYZ B01ABC CJ99ZZZ', 'XX12ABC B12IBC B012ABC CJ12ABQ'],
  ['bg', 'CA1234AB C1234AB', 'CD1234AB'],
  ['gr', 'YHK1234 ABE1000', 'ABC1234 ABE0123'],
  ['ru', 'A123BC77 X777XX199', 'A123BD77 A123BC00'],
  ['ua', 'AA1234BC KA0001HX', 'AA1234BD ZZ1234BC'],
  ['by', '1234AB7', '1234AB9'],
  ['tr', '34ABC12 06A1234 01AB123', '82ABC12 34WBC12 34ABC1234'],
  ['in', 'MH12AB1234 DL3CAB1234 KA05M1234 22BH1234AA', 'XX12AB1234 MH12OI1234'],
  ['pk', 'LEA1234 ABC123 LEA071234', ''],
  ['id', 'B1234ABC DD123AB AB1234CD', 'B0123AB QQ1234AB'],
  ['my', 'ABC1234 W1234A B1', 'ABO1234 ABC0123'],
  ['sg', 'SBA1234G SKA12A', 'SBA1234F SBO1234G'],
  ['vn', '29A12345 30A1234 59X112345', '10A12345'],
  ['cn', 'A12345 B1234A AD12345 A8B123 KZ2283', 'A1I345'],
  ['kr', '123456 1234567', ''],
  ['za', 'BC12DFGP CA123456 ND12345 BCD123L', 'AB12CDGP'],
  ['ke', 'KAA123B', 'KAO123B XAA123B'],
  ['br', 'ABC1234 ABC1D23', 'AB12345 ABC12D3'],
  ['ar', 'ABC123 AA123AA A123BCD', 'AB1234'],
  ['cl', 'BBBB12 AB1234', 'AAAA12'],
  ['mx', 'ABC1234 A12BCD', 'ABO1234'],
  ['il', '1234567 12345678', 'AB123'],
  ['au', 'ABC123 AB12CD 1AB2CD 123ABC S123ABC 1ABC234', ''],
  ['nz', 'ABC123 AB1234', 'ABI123'],
  ['us-ca', '8ABC123 7XOX999 8A12345', '0ABC123 8OBC123'],
  ['us-tx', 'BCD1234', 'ABC1234'],
  ['us-ny', 'ABC1234', 'ABO1234'],
  ['us-md', '1AB2345', '1AU2345'],
  ['us-de', '123456 PC12345', '012345'],
  ['us-nh', '1234567', 'ABC1234'],
  ['us-wv', '1AB234 OAB234', 'XAB2345'],
  ['ca-on', 'ABCD123', 'ABOD123'],
];

describe('plate-formats/plates.json', () => {
  it('knows at least 60 countries, all states of the United States and the district', () => {
    const countries = new Set(syntax.regions.map((region) => region.split('-')[0]));
    expect(countries.size).toBeGreaterThanOrEqual(60);
    expect(syntax.regions.filter((region) => region.startsWith('us-'))).toHaveLength(51);
  });

  for (const [region, issued, ruledOut] of EXAMPLES) {
    it(`gives the numbers of ${region} as they are described`, () => {
      const split = (texts: string) => texts.split(' ').filter((text) => text !== '');
      expect(split(issued).filter((text) => !isIssued(region, text))).toEqual([]);
      expect(split(ruledOut).filter((text) => isIssued(region, text))).toEqual([]);
    });
  }

  it('leaves every text of plate length possible in every region', () => {
    for (const text of ['A', 'GOPACK', '0O0O0O', 'ZZZZZZZZZZ']) {
      expect(Math.min(...measureText(syntax, text).all)).toBeGreaterThan(0);
    }
  });
});

describe('readFormats', () => {
  const write = async (content: string) => {
    const file = join(await mkdtemp(join(tmpdir(), 'formats-')), 'plates.json');
    await writeFile(file, content);
    return file;
  };
  const form = { code: 'xx', name: 'Nowhere', weight: 1, one: ['LL-DD'] };

  it('joins the forms of one region and both numbers of lines, by their shares', async () => {
    const rows = [
      { ...form, two: ['DD|LL*2', 'D|L'], two_share: 0.25, colours: ['white/black'] },
      { ...form, code: 'xx-mercosur' },
    ];
    const forms = await readFormats(await write(JSON.stringify(rows)));
    expect(forms.map(({ region }) => region)).toEqual(['xx', 'xx']);
    expect(forms[0]?.patterns).toEqual([
      { marks: 'LL-DD', weight: 0.75 },
      { marks: 'DD|LL', weight: expect.closeTo(0.25 * (2 / 3), 12) },
      { marks: 'D|L', weight: expect.closeTo(0.25 / 3, 12) },
    ]);
  });

  const faults: readonly [string, unknown, RegExp][] = [
    ['a pattern with a strange mark', [form, { ...form, one: ['LL?DD'] }], /Form 2 \("xx"\).*one\.0.*expected marks/],
    ['a weight that is no number', [{ ...form, one: ['LL*x'] }], /one\.0/],
    ['a form without patterns', [{ ...form, one: [] }], /one/],
    ['small letters', [{ ...form, letters: 'abc' }], /letters.*capital letters/],
    ['an impossible share', [{ ...form, vanity: 2 }], /vanity/],
    ['a code that is none', [{ ...form, code: 'Nowhere' }], /code.*expected a code like/],
    ['something else in the list', ['fr'], /Form 1 of/],
    ['something else than a list', { fr: form }, /hold a list/],
    ['nothing', [], /hold a list/],
  ];
  for (const [what, rows, message] of faults) {
    it(`refuses ${what} and says where`, async () => {
      await expect(readFormats(await write(JSON.stringify(rows)))).rejects.toMatchObject({
        code: 'FORMATS_INVALID',
        message: expect.stringMatching(message),
      });
    });
  }

  it('refuses a file that is missing or not JSON', async () => {
    await expect(readFormats(join(tmpdir(), 'no-such-formats.json'))).rejects.toMatchObject({
      code: 'FORMATS_INVALID',
    });
    await expect(readFormats(await write('[{'))).rejects.toMatchObject({ code: 'FORMATS_INVALID' });
  });
});
