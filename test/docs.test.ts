import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { generateDocs, replaceBetweenMarks } from '../tools/docs/generate-docs.ts';

const ROOT = join(import.meta.dirname, '..');
const PAGES = [
  'README.md',
  ...[
    'configuration',
    'errors',
    'evaluation',
    'measurements',
    'decisions',
    'search',
    'stack',
    'events-on-kafka',
    'operations',
    'storage',
  ].map((name) => `docs/${name}.md`),
];

describe('The documentation', () => {
  test.each(Object.entries(generateDocs()))('%s says what the code says (npm run docs)', (page, generated) => {
    const text = readFileSync(join(ROOT, page), 'utf8');
    expect(text).toBe(replaceBetweenMarks(text, generated));
  });

  test.each(PAGES)('every link of %s leads to a file', (page) => {
    const text = readFileSync(join(ROOT, page), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map((match) => match[1] as string);
    const broken = links.filter((link) => !existsSync(resolve(ROOT, dirname(page), link)));
    expect(broken).toEqual([]);
  });
});
