import { describe, expect, test } from 'vitest';
import { parseStart, readContainerTime, readNameTime } from '../../src/camera/capture-time.ts';

const local = (...parts: [number, number, number, number, number, number]) => new Date(...parts).getTime();
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

describe('The time of a recording', () => {
  test.for([
    ['gate_2025-11-29_10-15-30.mp4', local(2025, 10, 29, 10, 15, 30), here],
    ['/nvr/20251129101530.jpg', local(2025, 10, 29, 10, 15, 30), here],
    ['IMG_20251129_101530.jpg', local(2025, 10, 29, 10, 15, 30), here],
    ['20251129T101530Z.ts', Date.UTC(2025, 10, 29, 10, 15, 30), 'UTC'],
    ['2025-11-29 10.15.30+0100.mkv', Date.UTC(2025, 10, 29, 9, 15, 30), '+01:00'],
  ] as const)('is in the file name %s', ([name, at, zone]) => {
    expect(readNameTime(name)).toEqual({ at, zone, source: 'file name' });
  });

  test.for([
    'a.jpg',
    '2025-11-29.mp4',
    '20251329101530.jpg',
    '20250230_101530.jpg',
    '120251129101530.jpg',
    '2199-01-01_00-00-00.mp4',
  ])('is not in the file name %s', (name) => {
    expect(readNameTime(name)).toBeUndefined();
  });

  test('in a container is UTC, and none where its clock was never set', () => {
    const at = Date.UTC(2025, 10, 29, 10, 15, 30);
    expect(readContainerTime('2025-11-29T10:15:30.000000Z')).toEqual({ at, zone: 'UTC', source: 'container' });
    expect(readContainerTime('1970-01-01T00:00:00.000000Z')).toBeUndefined();
  });

  test('is stated with a zone or in that of this machine', () => {
    const at = Date.UTC(2025, 10, 29, 9, 15, 30);
    expect(parseStart('2025-11-29T10:15:30+01:00')).toEqual({ at, zone: '+01:00', source: 'start' });
    expect(parseStart('2025-11-29T10:15')).toEqual({ at: local(2025, 10, 29, 10, 15, 0), zone: here, source: 'start' });
    expect(parseStart('yesterday')).toBeUndefined();
  });
});
