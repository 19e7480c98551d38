import { describe, expect, test } from 'vitest';
import { decodeEvent, encodeEvent, findEventFault } from '../../src/contract/codec.ts';
import { EventCodec, PLATE_EVENT_AVSC } from '../../src/contract/event-codec.ts';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { createEvent } from './events.ts';

const event = createEvent({ text: 'AB12CDE' });
const picture = { key: 'home/gate/1-plate.jpg', sha256: 'a'.repeat(64), w: 10, h: 10 };
const pictured = (key: string): PlateEvent => ({
  ...event,
  images: { plate: picture, vehicle: { ...picture, key }, frame: picture },
});
const plated = (plate: Partial<PlateEvent['plate']>): PlateEvent => ({ ...event, plate: { ...event.plate, ...plate } });

const UNFIT: readonly (readonly [string, string, PlateEvent])[] = [
  ['a key that leaves the store', 'images.vehicle.key', pictured('../../../../etc/1-vehicle.jpg')],
  ['a key from the root', 'images.vehicle.key', pictured('/etc/passwd')],
  ['a hidden key', 'images.vehicle.key', pictured('home/.ssh/1.jpg')],
  ['an empty key', 'images.vehicle.key', pictured('')],
  ['a text in small letters', 'plate.text_normalized', plated({ text_normalized: 'ab12cde' })],
  ['a text with a space', 'plate.text_normalized', plated({ text_normalized: 'AB12 CDE' })],
  ['a text in full-width forms', 'plate.text_normalized', plated({ text_normalized: 'ＡＢ１２' })],
  ['NUL in what was read', 'plate.text_raw', plated({ text_raw: 'AB\0CD' })],
  [
    'NUL in a candidate',
    'plate.candidates',
    plated({
      candidates: [
        { text: 'A', p: 1 },
        { text: '\0', p: 0 },
      ],
    }),
  ],
  ['NUL in a character', 'plate.chars', plated({ chars: [{ c: '\0', p: 1, alt: [] }] })],
  ['NUL in the name of a camera', 'camera_name', { ...event, camera_name: 'Gate\0' }],
  ['NUL in the id of a camera', 'camera_id', { ...event, camera_id: '\0' }],
  ['NUL in the class of a vehicle', 'vehicle.type', { ...event, vehicle: { ...event.vehicle, type: 'c\0r' } }],
];

describe('What no store may be given is refused at the border', () => {
  test.each(UNFIT)('%s, in JSON', (_, path, unfit) => {
    expect(() => decodeEvent(encodeEvent(unfit))).toThrowError(
      expect.objectContaining({ code: 'EVENT_INVALID', message: expect.stringContaining(`${path} `) }),
    );
  });

  test.each(UNFIT)('%s, in Avro', async (_, path, unfit) => {
    const schemas = { numberOf: async () => 1, schemaOf: async () => PLATE_EVENT_AVSC };
    const codec = new EventCodec({ format: 'avro', schemas });
    await codec.prepare();
    const bytes = codec.encode(unfit);
    await codec.learn([bytes]);
    expect(() => codec.decode(bytes)).toThrowError(
      expect.objectContaining({ code: 'EVENT_INVALID', message: expect.stringContaining(`${path} `) }),
    );
  });

  test.each(UNFIT)('%s, within the process', (_, path, unfit) => {
    expect(findEventFault(unfit)?.message).toContain(`${path} `);
  });

  test('half a surrogate pair, for which UTF-8 has no bytes', () => {
    expect(findEventFault({ ...event, camera_name: 'Gate \ud83d' })?.code).toBe('EVENT_INVALID');
  });

  test('a sound event is not', () => {
    expect(findEventFault(pictured('home/gate/1-vehicle.jpg'))).toBeUndefined();
  });
});

test('NUL is refused in every text of the contract that has no narrower form', async () => {
  const whole: PlateEvent = {
    ...pictured('home/gate/1-vehicle.jpg'),
    vehicle: { detected: true, type: 'car', confidence: 1 },
    plate: { ...event.plate, region: 'de', chars: [{ c: 'A', p: 1, alt: [{ c: 'B', p: 0 }] }] },
    review: { by: 'me', at: event.detected_at, text: 'AB', reason: 'seen' },
  };
  const paths = listTexts(whole, []);
  expect(paths.length).toBeGreaterThan(30);
  for (const path of paths) {
    const changed: PlateEvent = structuredClone(whole);
    setText(changed, path);
    expect(findEventFault(changed)?.code, path.join('.')).toBe('EVENT_INVALID');
  }
});

type Path = readonly string[];

function listTexts(value: unknown, path: Path): readonly Path[] {
  if (typeof value === 'string') return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) => listTexts(child, [...path, name]));
}

function setText(event: PlateEvent, path: Path): void {
  let at: Record<string, unknown> = event as unknown as Record<string, unknown>;
  for (const name of path.slice(0, -1)) at = at[name] as Record<string, unknown>;
  at[path.at(-1) ?? ''] = '\0';
}
