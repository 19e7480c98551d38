import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** `error the camera fails` of each message that stands in the code as it is. */
function listWritten(): ReadonlySet<string> {
  const call = /\blog\??\.(warn|error)\(\s*(?:\{(?:[^{}]|\{[^{}]*\})*\}|[\w.]+)\s*,\s*'([^']+)'/gi;
  const files = globSync('src/**/*.ts', { cwd: ROOT });
  const texts = files.map((file) => readFileSync(join(ROOT, file), 'utf8'));
  return new Set(texts.flatMap((text) => [...text.matchAll(call)].map(([, level, message]) => `${level} ${message}`)));
}

test('The page of messages has every error, and nothing that is not written', () => {
  const page = readFileSync(join(ROOT, 'docs', 'reference', 'log-messages.md'), 'utf8');
  const told = [...page.matchAll(/^\| (warn|error) \| `([^`]+)` \|/gm)].map(
    ([, level, message]) => `${level} ${message}`,
  );
  const written = listWritten();
  expect(written.size).toBeGreaterThan(80);
  expect(told.filter((message) => !written.has(message))).toEqual([]);
  expect(new Set(told).size).toBe(told.length);
  expect([...written].filter((message) => message.startsWith('error ') && !told.includes(message))).toEqual([]);
});
