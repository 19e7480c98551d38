import { describe, expect, test } from 'vitest';
import { plateEventSchema } from '../../src/contract/plate-event.ts';
import { createPlateEvent } from '../../src/edge/event.ts';
import { createSighting } from './sightings.ts';

const CONTEXT = {
  eventId: '019a5b6c-0000-7000-8000-000000000001',
  revision: 2,
  siteId: 'home',
  cameraName: 'Gate',
  markings: { lines: [], zones: [] },
  detectorModel: 'alpr-detect@0123456789ab',
  ocrModel: 'alpr-read@0123456789ab',
  provider: 'cpu',
  version: '0.1.0',
  publishedAt: Date.UTC(2026, 2, 1, 12, 0, 3),
  images: null,
};

describe('A Sighting made public', () => {
  test('is a valid PlateEvent that keeps text, times and alternatives', () => {
    const event = createPlateEvent(createSighting({ text: 'AB12' }), CONTEXT);
    expect(plateEventSchema.parse(event)).toEqual(event);
    expect(event).toMatchObject({ revision: 2, detected_at: '2026-03-01T12:00:00.000Z', plate: { text_raw: 'AB12' } });
    expect(event.plate.chars[0]).toEqual({ c: 'A', p: 0.9, alt: [{ c: '4', p: 0.1 }] });
  });

  test('says whether the whole plate was seen, and nothing where that was not asked', () => {
    const event = createPlateEvent({ ...createSighting({}), complete: false }, CONTEXT);
    expect(plateEventSchema.parse(event).plate.complete).toBe(false);
    expect(createPlateEvent(createSighting({}), CONTEXT).plate.complete).toBeNull();
  });

  test('the event says when characters of the plate go unread', () => {
    const event = createPlateEvent({ ...createSighting({}), hasUnread: true }, CONTEXT);
    expect(plateEventSchema.parse(event).plate.unread_characters).toBe(true);
    expect(createPlateEvent(createSighting({}), CONTEXT).plate.unread_characters).toBeNull();
  });

  test.each([
    ['to the right', { dx: 400, dy: 0 }, 0],
    ['towards the camera', { dx: 0, dy: 300 }, 90],
    ['to the left', { dx: -400, dy: 0 }, 180],
    ['away', { dx: 0, dy: -300 }, 270],
  ])('says which way a vehicle went: %s', (_, move, degrees) => {
    expect(createPlateEvent(createSighting({ move }), CONTEXT).motion.direction_deg).toBe(degrees);
  });

  test('gives no direction to what stood still', () => {
    expect(createPlateEvent(createSighting({ move: { dx: 2, dy: 1 } }), CONTEXT).motion.direction_deg).toBeNull();
  });
});

test('Says which lines were crossed, in the words of the camera, and which zones it was in; null where there are none', () => {
  const line = {
    id: 'gate',
    points: [
      [0, 0.5],
      [1, 0.5],
    ],
    directions: ['rein', 'raus'],
  } as const;
  const zone = {
    id: 'Hof',
    area: [
      [0, 0.5],
      [1, 0.5],
      [1, 1],
      [0, 1],
    ],
  } as const;
  const way = [
    { t: 0, x: 160, y: 60, w: 80, h: 20 },
    { t: 2000, x: 160, y: 180, w: 80, h: 20 },
  ];
  const sighting = { ...createSighting({}), way };
  const event = createPlateEvent(sighting, { ...CONTEXT, markings: { lines: [line], zones: [zone] } });
  expect(plateEventSchema.parse(event).motion).toMatchObject({
    crossings: [{ line: 'gate', direction: 'rein', at: '2026-03-01T12:00:01.000Z' }],
    zones: [{ zone: 'Hof', dwell_ms: 1000 }],
  });
  const back = { ...sighting, way: way.map(({ t, ...point }) => ({ ...point, t: 2000 - t })).toReversed() };
  expect(createPlateEvent(back, { ...CONTEXT, markings: { lines: [line], zones: [] } }).motion).toMatchObject({
    crossings: [{ direction: 'raus' }],
    zones: null,
  });
  expect(createPlateEvent(sighting, CONTEXT).motion).toMatchObject({ crossings: null, zones: null });
});

test('Names the vehicle of a passage, and says when none was found', () => {
  const box = { x0: 40, y0: 10, x1: 260, y1: 200 };
  const sighting = { ...createSighting({}), vehicle: { class: 'truck', score: 0.8123456, box } as const };
  expect(createPlateEvent(sighting, CONTEXT).vehicle).toEqual({ detected: true, type: 'truck', confidence: 0.81235 });
  expect(createPlateEvent(createSighting({}), CONTEXT).vehicle).toEqual({
    detected: false,
    type: null,
    confidence: null,
  });
});
