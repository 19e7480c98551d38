import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltPage, buildPage } from './build-page.ts';

const FIRST_VIEW_BYTES = 60 * 1000;
const SCREEN_BYTES = 25 * 1000;

type Chunk = Readonly<{
  file: string;
  css?: readonly string[];
  imports?: readonly string[];
  dynamicImports?: readonly string[];
}>;

describe('the built page', () => {
  let built: BuiltPage;
  let files: Readonly<{ name: string; bytes: Buffer }>[] = [];
  let chunks: Readonly<Record<string, Chunk>> = {};

  beforeAll(async () => {
    built = await buildPage();
    const entries = await readdir(built.folder, { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    files = await Promise.all(paths.map(async (name) => ({ name, bytes: await readFile(name) })));
    chunks = JSON.parse(await readFile(join(built.folder, 'manifest.json'), 'utf8'));
  });

  afterAll(() => built[Symbol.asyncDispose]());

  /** The files that must be there before the code of a module runs. */
  function filesOf(module: string): readonly string[] {
    const { file, css = [], imports = [] } = chunks[module] ?? { file: `no chunk of ${module}` };
    return [file, ...css, ...imports.flatMap(filesOf)];
  }

  /** Size of some files, each once and compressed by gzip as it is sent. */
  function weigh(names: readonly string[]): number {
    return [...new Set(names)].reduce((sum, name) => {
      const { bytes } = files.find((file) => file.name === join(built.folder, name)) ?? {};
      if (bytes === undefined) throw new Error(`expected a file ${name}`);
      return sum + gzipSync(bytes).length;
    }, 0);
  }

  const screens = () => Object.keys(chunks).filter((name) => /-screen\.tsx$/.test(name));
  const languages = () => Object.keys(chunks).filter((name) => /^languages\/\w+\/messages\.ts$/.test(name));

  it('shows the first view after at most 60 kB, in every language, to those who sign in and those who have', () => {
    const common = ['index.html', ...filesOf('index.html')];
    const sizes = ['live/live-screen.tsx', 'entrance/entrance-screen.tsx'].flatMap((screen) =>
      languages().map((language) => weigh([...common, ...filesOf(screen), ...filesOf(language)])),
    );
    expect(sizes.length).toBe(10);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(FIRST_VIEW_BYTES);
  });

  it('fetches at most 25 kB for each other screen', () => {
    const common = new Set(filesOf('index.html'));
    const sizes = screens().map(
      (screen) => [screen, weigh(filesOf(screen).filter((file) => !common.has(file)))] as const,
    );
    expect(sizes.length).toBeGreaterThanOrEqual(6);
    expect(sizes.filter(([, size]) => size > SCREEN_BYTES)).toEqual([]);
  });

  it('has nothing inline that a strict policy refuses', () => {
    const html = files.find(({ name }) => name.endsWith('index.html'))?.bytes.toString() ?? '';
    expect(html).toContain('<script type="module"');
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|data:/);
  });

  it('has no validation library in it: the contract is types alone', () => {
    const script = files.filter(({ name }) => name.endsWith('.js')).map(({ bytes }) => bytes.toString());
    expect(script.join('')).not.toContain('ZodError');
  });
});
