import { describe, expect, test } from 'vitest';
import { Pace } from '../../../src/alerts/delivery/pace.ts';

const BREAKER = { failures: 3, pauseMs: 1000 };

describe('The pace of a channel', () => {
  test('lets a tenth of a minute go at once, and then as many a minute as it may', () => {
    const pace = new Pace(60, BREAKER, 0);
    expect(pace.allows(0, 0)).toBe(6);
    pace.take(6);
    expect([pace.allows(0, 0), pace.waitMs(0)]).toEqual([0, 1000]);
    let sent = 6;
    for (let now = 0; now < 60_000; now += 100) {
      const allowed = pace.allows(now, 0);
      pace.take(allowed);
      sent += allowed;
    }
    expect(sent).toBe(65);
  });

  test('pauses after failures in a row, and then tries one by one until one is taken', () => {
    const pace = new Pace(600, BREAKER, 0);
    for (let count = 0; count < 3; count += 1) pace.noteFailure(0, undefined);
    expect([pace.isBroken, pace.allows(999, 0), pace.waitMs(400)]).toEqual([true, 0, 600]);
    expect([pace.allows(1000, 0), pace.allows(1000, 1)]).toEqual([1, 0]);
    pace.noteFailure(1000, undefined);
    expect([pace.allows(1999, 0), pace.allows(2000, 0)]).toEqual([0, 1]);
    pace.noteSuccess();
    expect([pace.isBroken, pace.allows(2000, 0)]).toEqual([false, 60]);
  });

  test('sends nothing before the other side wants to be asked again', () => {
    const pace = new Pace(600, BREAKER, 0);
    pace.noteFailure(0, 7000);
    expect([pace.allows(6999, 0), pace.allows(7000, 0)]).toEqual([0, 60]);
  });
});
