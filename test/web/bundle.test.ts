import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltPage, buildPage } from './build-page.ts';

const BUDGET_BYTES = 60 * 1024;

describe('the built page', () => {
  let built: BuiltPage;
  let files: Readonly<{ name: string; bytes: Buffer }>[] = [];

  beforeAll(async () => {
    built = await buildPage();
    const entries = await readdir(built.folder, { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    files = await Promise.all(paths.map(async (name) => ({ name, bytes: await readFile(name) })));
  });

  afterAll(() => built[Symbol.asyncDispose]());

  it('is at most 60 kB in all, each file compressed by gzip', () => {
    const sum = files.reduce((total, { bytes }) => total + gzipSync(bytes).length, 0);
    expect(files.length).toBeGreaterThanOrEqual(3);
    expect(sum).toBeLessThanOrEqual(BUDGET_BYTES);
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
