import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** Test files that start no server, no browser and no other process, by what they and their helpers import; paths from the root. */
export function listUnitTests(): string[] {
  return globSync('test/**/*.test.ts', { cwd: ROOT }).filter((file) => !startsProcess(join(ROOT, file), new Set()));
}

function startsProcess(file: string, seen: Set<string>): boolean {
  if (seen.has(file)) return false;
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  if (/from 'node:(child_process|net)'|from 'playwright-core'|src\/db\/embedded\.ts|src\/commands\//.test(text))
    return true;
  const imports = [...text.matchAll(/from '(\.[^']+\.ts)'/g)].map(([, path = '']) => join(dirname(file), path));
  return imports
    .filter((path) => !/^(src|bench)\//.test(relative(ROOT, path)))
    .some((path) => startsProcess(path, seen));
}
