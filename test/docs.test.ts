import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { generateDocs, replaceBetweenMarks } from '../tools/docs/generate-docs.ts';
import { generateVisionConfig } from '../tools/docs/generate-vision-config.ts';

const ROOT = join(import.meta.dirname, '..');
const FILES = listFiles();
const PAGES = FILES.filter((name) => name.endsWith('.md'));

describe('The documentation', () => {
  test.each(Object.entries(generateDocs()))('%s says what the code says (npm run docs)', (name, generated) => {
    const text = readFileSync(join(ROOT, 'docs/reference', name), 'utf8');
    expect(text).toBe(replaceBetweenMarks(text, generated));
  });

  test('the vision core’s options are told to the configuration as they are (npm run docs)', () => {
    expect(readFileSync(join(ROOT, 'src/edge/vision-config.ts'), 'utf8')).toBe(generateVisionConfig());
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
    for (const page of reached)
      for (const { file } of listLinks(page))
        if (file.endsWith('.md') && existsSync(file)) reached.add(relative(ROOT, file));
    expect(PAGES.filter((page) => page.startsWith('docs/') && !reached.has(page))).toEqual([]);
  });

  test('every page that the sources name exists', () => {
    const missing = FILES.filter((name) =>
      /^(src|tools|bench|deploy|examples|test)\/.*\.(ts|tsx|js|yaml|sh)$/.test(name),
    )
      .flatMap((name) => [...readFileSync(join(ROOT, name), 'utf8').matchAll(/\bdocs\/[\w/-]+\.md\b/g)])
      .map(([page]) => page)
      .filter((page) => !existsSync(join(ROOT, page)));
    expect(missing).toEqual([]);
  });
});

/** Files that git tracks or would add. */
function listFiles(): readonly string[] {
  const out = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return [...new Set(out.split('\0'))].filter((name) => name && existsSync(join(ROOT, name))).toSorted();
}

type Link = Readonly<{ link: string; file: string; fragment: string | undefined }>;

function listLinks(page: string): readonly Link[] {
  const text = withoutCode(readFileSync(join(ROOT, page), 'utf8'));
  return [...text.matchAll(/\]\((?![a-z]+:)([^)\s]+)\)/g)].map(([, link = '']) => {
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
