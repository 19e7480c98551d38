import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { plateEventSchema } from '../src/contract/plate-event.ts';
import { generateDocs, replaceBetweenMarks } from '../tools/docs/generate-docs.ts';
import { listFiles, listPages, ROOT, readPage } from './docs-pages.ts';

const PAGES = listPages();
const GENERATED = Object.entries(await generateDocs());
const SOURCES = listFiles().filter((name) =>
  /^(src|tools|bench|deploy|examples|test)\/.*\.(tsx?|js|yaml|sh)$/.test(name),
);

describe('The documentation', () => {
  test.each(GENERATED)('%s says what the code says (npm run docs)', (page, generated) => {
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
    const named =
      readPage(page).match(/(?<=`|node |vitest run (?:\S+ )*)(src|test|tools|bench|sql)\/[\w./-]+\w/g) ?? [];
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('the page of the architecture has a row for every folder of the sources', () => {
    const folders = SOURCES.flatMap((name) => name.match(/^src\/(\w+)\//)?.[1] ?? []);
    const rows = [...readPage('docs/architecture.md').matchAll(/^\| `(\w+)\/` \|/gm)].map(([, folder]) => folder);
    expect(rows.toSorted()).toEqual([...new Set(folders)].toSorted());
  });

  test('the page of the architecture has every rule that its test holds, under the title of the test', () => {
    const titles = [...readPage('test/architecture.test.ts').matchAll(/^ {2}test\('([^']+)'/gm)].map(
      ([, title]) => title,
    );
    const rows = [...readPage('docs/architecture.md').matchAll(/^\| [A-Z].* \| `([^`]+)` \|$/gm)].map(
      ([, title]) => title,
    );
    const aboutItself = ['the sources are found at all', 'the migrations say which tables are ours'];
    expect([...rows, ...aboutItself].toSorted()).toEqual(titles.toSorted());
  });

  test.each(PAGES)('every test that %s names by title and file is there', (page) => {
    const named = [...readPage(page).matchAll(/`([a-z][^`\n]* [^`\n]*)` of `(test\/[\w./-]+\.test\.ts)`/g)];
    const missing = named.filter(([, title = '', file = '']) => !readPage(file).includes(`test('${title}'`));
    expect(missing.map(([whole]) => whole)).toEqual([]);
  });

  test('every field of an event is on the page of events', () => {
    const [, table = ''] = readPage('docs/reference/events.md').split('## The fields of an event');
    const named = new Set([...table.matchAll(/`([\w.]+)`/g)].flatMap(([, name = '']) => name.split('.')));
    const fields = Object.entries(plateEventSchema.shape).flatMap(([name, field]) => [
      name,
      ...('shape' in field ? Object.keys(field.shape) : []),
    ]);
    expect(fields.length).toBeGreaterThan(40);
    expect(fields.filter((name) => !named.has(name))).toEqual([]);
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
