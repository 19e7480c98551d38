import { expect, test } from 'vitest';
import { CHAINS_HEADING, FLAMES_HEADING, replaceSection, takeOthers } from '../../tools/evaluate/format-page.ts';

const PAGE = '# Page\n\ntext\n';

test('a section is appended once and replaced afterwards, and those around it stay', () => {
  const first = replaceSection(PAGE, CHAINS_HEADING, 'FIRST');
  const both = replaceSection(first, FLAMES_HEADING, 'SECOND');
  expect(both).toBe(`# Page\n\ntext\n\n${CHAINS_HEADING}\n\nFIRST\n\n${FLAMES_HEADING}\n\nSECOND\n`);
  expect(replaceSection(both, CHAINS_HEADING, 'three')).toBe(both.replace('FIRST', 'three'));
  expect(replaceSection(both, FLAMES_HEADING, 'three')).toBe(both.replace('SECOND', 'three'));
});

test('a page that is written anew keeps the sections of others', () => {
  const page = replaceSection(replaceSection(PAGE, CHAINS_HEADING, 'FIRST'), FLAMES_HEADING, 'SECOND');
  expect(`# New\n${takeOthers(page)}`).toBe(page.replace('# Page\n\ntext\n', '# New\n'));
  expect(takeOthers(PAGE)).toBe('');
});
