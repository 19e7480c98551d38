import { describe, expect, test } from 'vitest';
import { joinPlate, type PlateStyle } from '../../../src/camera/simulator/plate-text.ts';
import { createView } from '../../../src/camera/simulator/projection.ts';
import { distanceAt, planTraffic } from '../../../src/camera/simulator/traffic.ts';

const view = createView({ width: 1280, height: 720 }, 3);

function plan(fields: object = {}) {
  return [...planTraffic({ view, seed: 3, passagesPerMinute: 30, total: 700, confusable: true, ...fields })];
}

/** What the registrations of these places look like, spaces left out. */
const FORMATS: Readonly<Record<PlateStyle, RegExp>> = {
  de: /^[A-Z]{1,3}[A-Z]{1,2}[1-9]\d{1,3}$/,
  square: /^[A-Z]{1,3}[A-Z]{2}[1-9]\d{1,3}$/,
  fr: /^[A-Z]{2}\d{3}[A-Z]{2}$/,
  es: /^\d{4}[BCDFGHJKLMNPRSTVWXYZ]{3}$/,
  gb: /^[A-Z]{2}\d{2}[A-Z]{3}$/,
  us: /^(\d[A-Z]{3}\d{3}|[A-Z]{3}\d{4})$/,
  br: /^[A-Z]{3}\d[A-Z]\d{2}$/,
};

describe('Planned traffic', () => {
  test('has plates of the format of their style, none twice, all styles', () => {
    const passages = plan();
    for (const { plate, text } of passages) expect(text).toMatch(FORMATS[plate.style]);
    expect(new Set(passages.map((passage) => passage.text)).size).toBe(700);
    expect(new Set(passages.map((passage) => passage.plate.style)).size).toBe(7);
    expect(passages.every((passage) => joinPlate(passage.plate) === passage.text)).toBe(true);
  });

  test('has no characters that look alike when they are not wanted', () => {
    const texts = plan({ confusable: false }).map((passage) => passage.text);
    expect(texts.join('')).not.toMatch(/[0O1IQD258BSZG]/);
  });

  test('never lets two vehicles of a lane be on the road at the same time', () => {
    for (const lane of [0, 1, 2]) {
      const passages = plan({ passagesPerMinute: 200 }).filter((passage) => passage.lane === lane);
      expect(passages.length).toBeGreaterThan(50);
      for (const [index, passage] of passages.slice(1).entries())
        expect(passage.startsAt).toBeGreaterThan(passages[index]?.endsAt ?? Number.NaN);
    }
  });

  test('comes at the rate asked for', () => {
    const passages = plan({ passagesPerMinute: 12, total: 200 });
    const minutes = (passages.at(-1)?.startsAt ?? 0) / 60_000;
    expect(minutes).toBeGreaterThan(200 / 12 / 1.15);
    expect(minutes).toBeLessThan((200 / 12) * 1.15);
  });

  test('comes nearer all the time, or goes away in the last lane', () => {
    for (const passage of plan({ total: 30 })) {
      const span = passage.endsAt - passage.startsAt;
      const ways = Array.from({ length: 11 }, (_, step) =>
        distanceAt(view, passage, passage.startsAt + (span * step) / 10),
      );
      const order = ways.toSorted((a, b) => (passage.rear ? a - b : b - a));
      expect(ways).toEqual(order);
      expect(Math.max(...ways)).toBeCloseTo(75);
      expect(passage.rear).toBe(passage.lane === 2);
    }
  });
});
