import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..');

/** Every file that git tracks or would add, from the root of the repository. */
export function listFiles(): readonly string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const names = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\0');
  return [...new Set(names)].filter((name) => name && existsSync(join(ROOT, name))).toSorted();
}

/** Every page of the documentation. */
export function listPages(): readonly string[] {
  return listFiles().filter((name) => name.endsWith('.md'));
}

export function readPage(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}
