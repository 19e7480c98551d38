import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..', '..');

/** Why this commit cannot be had from this checkout, and what helps; undefined where it can. */
export function whyNoCommit(commit: string): string | undefined {
  try {
    git('cat-file', '-e', `${commit}^{commit}`);
    return undefined;
  } catch {
    return `commit ${commit} is not in this checkout; "git fetch --unshallow" brings it where only the newest commits were cloned`;
  }
}

/** Puts these files and folders of a commit into a folder. */
export function unpackCommit(commit: string, parts: readonly string[], folder: string): void {
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-x', '-C', folder], { input: git('archive', commit, ...parts) });
}

function git(...args: readonly string[]): Buffer {
  return execFileSync('git', args, { cwd: ROOT, maxBuffer: 1 << 29, stdio: ['ignore', 'pipe', 'ignore'] });
}
