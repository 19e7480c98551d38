import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { generateDocs, replaceBetweenMarks } from '../tools/docs/generate-docs.ts';
import { listFiles, listPages, ROOT, readPage } from './docs-pages.ts';

const PAGES = listPages();
const SOURCES = listFiles().filter((name) =>
  /^(src|tools|bench|deploy|examples|test)\/.*\.(tsx?|js|yaml|sh)$/.test(name),
);

describe('The documentation', () => {
  test.each(Object.entries(generateDocs()))('%s says what the code says (npm run docs)', (page, generated) => {
    const text = readFileSync(join(ROOT, page), 'utf8');
    expect(text).toBe(replaceBetweenMarks(text, generated));
  });

  test.each(PAGES)('every link of %s leads to a file, and to a heading where it names one', (page) => {
    const broken = listLinks(page).filter(({ file, fragment }) => {
      if (!existsSync(file)) return true;
      return fragment !== undefined && file.endsWith('.md') && !listAnchors(file).has(fragment);
    });
    expect(broken.map(({ link }) => link)).toEqual([]);
  });

  test('every page below docs/ can be reached from the index', () => {
    const reached = new Set(['docs/README.md']);
    for (const page of reached) {
      const linked = listLinks(page).filter(({ file }) => file.endsWith('.md') && existsSync(file));
      for (const { file } of linked) reached.add(relative(ROOT, file));
    }
    expect(PAGES.filter((page) => page.startsWith('docs/') && !reached.has(page))).toEqual([]);
  });

  test('every page that the sources name exists', () => {
    const named = SOURCES.flatMap((name) => readPage(name).match(/\bdocs\/[\w/-]+\.md\b/g) ?? []);
    expect(named.filter((page) => !existsSync(join(ROOT, page)))).toEqual([]);
  });

  test.each(PAGES)('every source, test and tool that %s names exists', (page) => {
    const named = readPage(page).match(/(?<=`|node |vitest run )(src|test|tools|bench|sql)\/[\w./-]+\w/g) ?? [];
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('every metric and log message that operations names is in the sources', () => {
    const code = SOURCES.filter((name) => name.startsWith('src/'))
      .map(readPage)
      .join('\n');
    const pages = PAGES.filter((page) => page.startsWith('docs/operations/'));
    const named = pages
      .map(readPage)
      .flatMap((text) => [
        ...(text.match(/\balpr_\w+/g) ?? []),
        ...[...text.matchAll(/\blog "([^"]+)"/g)].map(([, message = '']) =>
          message.replaceAll(/^… | …|; …$|: …$/g, ''),
        ),
      ]);
    expect(named.filter((name) => !code.includes(name))).toEqual([]);
  });
});

type Link = Readonly<{ link: string; file: string; fragment: string | undefined }>;

function listLinks(page: string): readonly Link[] {
  return [...withoutCode(readPage(page)).matchAll(/\]\((?![a-z]+:)([^)\s]+)\)/g)].map(([, link = '']) => {
    const [path = '', fragment] = link.split('#');
    return { link, file: path ? resolve(ROOT, dirname(page), path) : join(ROOT, page), fragment };
  });
}

/** The anchors that GitHub gives the headings of a page. */
function listAnchors(file: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of withoutCode(readFileSync(file, 'utf8')).matchAll(/^#+ (.+)$/gm)) {
    const words = heading.replaceAll(/\]\([^)]*\)/g, '').toLowerCase();
    const anchor = words.replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replaceAll(' ', '-');
    let name = anchor;
    for (let again = 1; anchors.has(name); again += 1) name = `${anchor}-${again}`;
    anchors.add(name);
  }
  return anchors;
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```.*?^```/gms, '');
}
