import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ALERT_AVSC } from '../../src/contract/alert-codec.ts';
import { PLATE_EVENT_AVSC } from '../../src/contract/event-codec.ts';
import { findIncompatibilities, type Version } from './compatibility.ts';

const CONTRACT = join(import.meta.dirname, '../../src/contract');
const listVersions = (folder: string): readonly Version[] =>
  readdirSync(join(CONTRACT, folder))
    .toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
    .map((name) => ({ name, schema: readFileSync(join(CONTRACT, folder, name), 'utf8') }));
const current = { name: 'plate-event.avsc', schema: PLATE_EVENT_AVSC };

type Field = { name: string; type: unknown; default?: unknown };
type Tree = { fields: Field[] };

/** The current schema with a change. */
function change(edit: (tree: Tree, field: (name: string) => Field) => void): Version {
  const tree = JSON.parse(PLATE_EVENT_AVSC);
  edit(tree, (name) => tree.fields.find((field: Field) => field.name === name));
  return { name: 'changed', schema: JSON.stringify(tree) };
}

describe.each([
  ['plate-event.avsc', 'versions', PLATE_EVENT_AVSC],
  ['alert.avsc', 'alert-versions', ALERT_AVSC],
])('The versions of %s', (name, folder, schema) => {
  const committed = listVersions(folder);

  test('the newest committed version is the current schema; a change is a new file beside it', () => {
    expect(committed.map((version) => version.name)).toEqual(committed.map((_, at) => `${at + 1}.avsc`));
    expect(JSON.parse(committed.at(-1)?.schema ?? '')).toEqual(JSON.parse(schema));
  });

  test('every version reads what every other one wrote (FULL_TRANSITIVE)', () => {
    expect(findIncompatibilities([...committed, { name, schema }])).toEqual([]);
  });
});

describe('The check of compatibility', () => {
  test.each([
    ['a new field with a default', change((tree) => tree.fields.push({ name: 'trial', type: 'int', default: 0 }))],
    [
      'a new field that may be null',
      change((tree) => tree.fields.push({ name: 'trial', type: ['null', 'string'], default: null })),
    ],
    [
      'a field with a default taken away',
      change((tree) => {
        tree.fields = tree.fields.filter(({ name }) => name !== 'camera_name');
      }),
    ],
    [
      'another source, which old readers take for their default',
      change((_, field) => {
        (field('source').type as { symbols: string[] }).symbols.push('gate');
      }),
    ],
  ])('allows %s', (_, changed) => {
    expect(findIncompatibilities([current, changed])).toEqual([]);
  });

  test.each([
    ['a new field without a default', change((tree) => tree.fields.push({ name: 'trial', type: 'int' }))],
    [
      'a field without a default taken away',
      change((tree) => {
        tree.fields = tree.fields.filter(({ name }) => name !== 'site_id');
      }),
    ],
    [
      'a field under another name',
      change((_, field) => {
        field('camera_id').name = 'camera';
      }),
    ],
    [
      'another type',
      change((_, field) => {
        field('camera_id').type = 'long';
      }),
    ],
    [
      'a wider number, which old readers cannot hold',
      change((_, field) => {
        field('revision').type = 'double';
      }),
    ],
    [
      'a field that may now be null',
      change((_, field) => {
        field('site_id').type = ['null', 'string'];
      }),
    ],
    [
      'a field that may no longer be null',
      change((_, field) => {
        field('images').type = (field('images').type as unknown[])[1];
        delete field('images').default;
      }),
    ],
    [
      'another status, for which old readers have no default',
      change((_, field) => {
        (field('status').type as { symbols: string[] }).symbols.push('disputed');
      }),
    ],
    [
      'longer ids',
      change((_, field) => {
        (field('event_id').type as { size: number }).size = 20;
      }),
    ],
    [
      'another unit of items',
      change((_, field) => {
        field('frames_rejected').type = { type: 'map', values: 'string' };
      }),
    ],
  ])('rejects %s', (_, changed) => {
    expect(findIncompatibilities([current, changed])).not.toEqual([]);
  });

  test('looks at all pairs, not at neighbours alone', () => {
    const fields = (...all: Field[]) => JSON.stringify({ type: 'record', name: 'R', fields: all });
    const id = { name: 'id', type: 'int' };
    const first = { name: '1', schema: fields(id, { name: 'a', type: 'string', default: '' }) };
    const second = { name: '2', schema: fields(id) };
    const third = { name: '3', schema: fields(id, { name: 'a', type: 'int', default: 0 }) };
    expect(findIncompatibilities([first, second])).toEqual([]);
    expect(findIncompatibilities([second, third])).toEqual([]);
    expect(findIncompatibilities([first, second, third])).toHaveLength(2);
  });
});
