import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ShownAuditEntry } from '../../src/contract/api/audit.ts';
import { foldEntries } from '../../src/web/audit/fold-entries.ts';
import { formatCsv } from '../../src/web/data/list-file.ts';
import { operations } from '../../src/web/languages/en/operations.ts';

const ROUTES = join(import.meta.dirname, '..', '..', 'src', 'api', 'routes');
const joan = { kind: 'person', id: 'j', name: 'joan' } as const;

function makeEntry(number: number, given: Partial<ShownAuditEntry>): ShownAuditEntry {
  const common = { who: joan, from: '::1', status: 200, purpose: null, case_number: null, plates: [], results: null };
  const at = new Date(Date.UTC(2026, 0, 1, 0, 0, number)).toISOString();
  return {
    number,
    at,
    action: 'picture',
    operation: 'readImage',
    query: { key: `${number}`, event: 'e1' },
    ...common,
    ...given,
  };
}

test('the views of one event’s pictures are one line; those of others, of other people and of later stand apart', () => {
  const entries = [
    makeEntry(200, {}),
    makeEntry(9, {}),
    makeEntry(8, { action: 'view', operation: 'readEvent', query: { event: 'e1' } }),
    makeEntry(7, { query: { key: '7', event: 'e2' } }),
    makeEntry(6, { who: { ...joan, id: 'k' } }),
    makeEntry(5, {}),
    makeEntry(4, {}),
    makeEntry(3, { query: { key: 'no event' } }),
  ];
  expect(foldEntries(entries).map(({ number, pictures }) => [number, pictures])).toEqual([
    [200, 1],
    [9, 3],
    [8, 0],
    [7, 1],
    [6, 1],
    [3, 0],
  ]);
});

test('that a change had begun is a line of its own only where nothing says how it ended', () => {
  const change = (number: number, query: object) => makeEntry(number, { action: 'change', query: { ...query } });
  const entries = [
    change(4, { part: 'begun', change: 'b' }),
    change(3, { change: 'a' }),
    change(2, { part: 'begun', change: 'a' }),
  ];
  expect(foldEntries(entries).map(({ number }) => number)).toEqual([4, 3]);
});

test('every operation of the API has a name in the audit', () => {
  const sources = readdirSync(ROUTES).map((file) => readFileSync(join(ROUTES, file), 'utf8'));
  const ids = sources.flatMap((source) => [...source.matchAll(/operationId: '(\w+)'/g)].map(([, id]) => id ?? ''));
  expect(ids.length).toBeGreaterThan(60);
  expect(ids.filter((id) => !(id in operations))).toEqual([]);
});

test('a list of any rows becomes CSV with a column for each field, and no formula', () => {
  const rows = [
    { name: 'ada', who: null, tags: ['a', 'b'], n: 1 },
    { name: '=1+1', who: { id: 'x', name: 'y,z' }, tags: [], n: null, more: true },
  ];
  expect(formatCsv(rows)).toBe('\ufeffname,tags,n,who.id,who.name,more\r\nada,a b,1,,,\r\n\'=1+1,,,x,"y,z",true\r\n');
});
