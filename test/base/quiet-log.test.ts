import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AlprError } from '../../src/base/errors.ts';
import type { Log } from '../../src/base/log.ts';
import { openQuietLog } from '../../src/base/quiet-log.ts';

type Written = Readonly<{ level: string; message: string; repeats?: number }>;

function createNoted(written: Written[], bound: object = {}): Log {
  const note = (level: string) => (fields: object, message: string) =>
    void written.push({ level, message, ...bound, ...fields });
  return {
    debug: note('debug'),
    info: note('info'),
    warn: note('warn'),
    error: note('error'),
    child: (fields) => createNoted(written, { ...bound, ...fields }),
  };
}

const loud = (written: readonly Written[]) => written.filter(({ level }) => level !== 'debug');

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('A state that lasts', () => {
  test('186 equal warnings in six minutes are three lines that add up to 186', () => {
    const written: Written[] = [];
    using log = openQuietLog(createNoted(written));
    for (let number = 0; number < 186; number += 1) {
      log.warn({ err: new AlprError('BUS_UNAVAILABLE', `try ${number}`), waiting: number }, 'the bus takes nothing');
      vi.advanceTimersByTime(360_000 / 186);
    }
    vi.advanceTimersByTime(1);
    const lines = loud(written);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatchObject({ level: 'warn', waiting: 0 });
    expect(lines.reduce((sum, { repeats = 1 }) => sum + repeats, 0)).toBe(186);
    expect(lines[2]).toMatchObject({ waiting: 185 });
  });

  test('714 pictures given up at once are one error and one sum, and each is in the debug log', () => {
    const written: Written[] = [];
    {
      using log = openQuietLog(createNoted(written));
      for (let number = 0; number < 714; number += 1) log.error({ key: `${number}.jpg` }, 'a picture is given up');
    }
    expect(loud(written)).toMatchObject([{ key: '0.jpg' }, { key: '713.jpg', repeats: 713 }]);
    expect(written.filter(({ level }) => level === 'debug')).toHaveLength(713);
  });

  test('ends: after a quiet while the next line is written at once', () => {
    const written: Written[] = [];
    using log = openQuietLog(createNoted(written));
    log.warn({}, 'away');
    vi.advanceTimersByTime(61_000);
    log.warn({}, 'away');
    expect(loud(written)).toHaveLength(2);
  });
});

test('Lines about another camera, with another cause or of another level are states of their own', () => {
  const written: Written[] = [];
  using log = openQuietLog(createNoted(written));
  log.child({ camera: 'gate' }).warn({}, 'interrupted');
  log.child({ camera: 'yard' }).warn({}, 'interrupted');
  log.warn({ client: 'producer' }, 'interrupted');
  log.warn({ err: new AlprError('BUS_UNAVAILABLE', 'a') }, 'interrupted');
  log.warn({ err: new AlprError('REGISTRY_UNAVAILABLE', 'b') }, 'interrupted');
  log.error({}, 'interrupted');
  log.info({}, 'interrupted');
  log.info({}, 'interrupted');
  expect(loud(written)).toHaveLength(8);
});
