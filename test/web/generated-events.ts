import type { CameraStatus, LiveMeta } from '../../src/contract/live.ts';
import { type PlateEvent, plateEventSchema } from '../../src/contract/plate-event.ts';

/** The plates of the generated road; the third has a doubtful character in the third place. */
export const TEXTS = ['KA64XRT', '7BTR204', 'AB8X1C9', 'MK21OUV', 'W8TNDR', '4HJD913', 'LN70PQS', 'GR55ZKM'] as const;

/** Regions of some of them: one without a band, and one with. */
const REGIONS: Readonly<Record<string, string>> = { '7BTR204': 'us-ca', W8TNDR: 'nl' };

/** The look-alikes that the generated reader doubts between. */
const ALIKE: Readonly<Record<string, string>> = {
  '8': 'B',
  B: '8',
  O: '0',
  '0': 'O',
  '1': 'I',
  I: '1',
  '5': 'S',
  Z: '2',
};

export const FRAME = { w: 960, h: 540 };

/** A quad of a plate seen slightly from the side; `shift` moves it through the picture. */
export function quadAt(shift: number): [number, number][] {
  const [x, y] = [360 + shift * 1.2, 352 + shift * 0.5];
  return [
    [x, y],
    [x + 132, y + 6],
    [x + 131, y + 38],
    [x - 1, y + 31],
  ];
}

type Wish = Readonly<{ number: number; at: number; revision?: number; status?: PlateEvent['status']; text?: string }>;

/** One generated event, valid by the contract; `number` decides its text, camera and id. */
export function createEvent({ number, at, revision = 2, status = 'final', text }: Wish): PlateEvent {
  const plateText = text ?? (TEXTS[number % TEXTS.length] as string);
  const id = `01990000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
  const after = (ms: number) => new Date(at + ms).toISOString();
  const picture = (name: string, w: number, h: number) => ({
    key: `generated/${plateText.toLowerCase()}/${name}.jpg`,
    sha256: '0'.repeat(64),
    w,
    h,
  });
  return plateEventSchema.parse({
    schema_version: 1,
    event_id: id,
    revision,
    status,
    detected_at: after(0),
    site_id: 'home',
    camera_id: number % 3 === 2 ? 'yard' : 'gate',
    camera_name: number % 3 === 2 ? 'Yard exit' : 'Main gate',
    source: 'edge',
    time: { first_seen: after(0), best: after(640), last_seen: after(1_480), published: after(revision * 800) },
    track_id: `gate/${number}`,
    frames_read: 6 + (number % 5),
    reads_agreeing: 5 + (number % 4),
    frames_rejected: { too_small: 3, blur: number % 4, outvoted: 1, throttled: 12 },
    plate: createPlate(plateText, number),
    vehicle: { detected: false, type: null, confidence: null },
    motion: {
      ...{ direction_deg: 22, stationary: false, dwell_ms: 1_480, path: createPath() },
      crossings: number % 3 === 0 ? [{ line: 'Schranke', direction: 'hinein', at: after(700) }] : null,
      zones: number % 3 === 0 ? [{ zone: 'Loading bay', dwell_ms: 2_100 }] : null,
    },
    images: {
      plate: picture('plate', 256, 64),
      vehicle: picture('vehicle', 480, 360),
      frame: picture('frame', FRAME.w, FRAME.h),
    },
    processing: { detect_ms: 21.4, read_ms: 4.8, provider: 'cpu', version: '0.1.0' },
    review: null,
  });
}

function createPlate(text: string, number: number): PlateEvent['plate'] {
  const chars = [...text].map((c, index) => createChar(c, (number + index) % 4 === 0));
  const confidence = chars.reduce((product, { p }) => product * p, 1);
  const other = chars.map(({ c, p }) => (p < 0.8 ? (ALIKE[c] ?? c) : c)).join('');
  const candidates = [{ text, p: confidence }, ...(other === text ? [] : [{ text: other, p: (1 - confidence) * 0.8 }])];
  return {
    text_raw: text,
    text_normalized: text,
    confidence,
    chars,
    candidates: [...candidates, { text: `${text.slice(0, -1)}X`, p: 0.004 }, { text: `${text.slice(0, -1)}Y`, p: 0 }],
    region: REGIONS[text] ?? null,
    region_confidence: text in REGIONS ? 0.93 : null,
    lines: 1,
    bbox: [359, 352, 133, 38],
    quad: quadAt(0),
    char_height_px: 23 + (number % 6),
    sharpness: 0.81,
    detector_model: 'plate-detector@5f1c09ad33be',
    ocr_model: 'plate-reader@b27e4410c9d2',
  };
}

function createChar(c: string, doubtful: boolean): PlateEvent['plate']['chars'][number] {
  const alike = ALIKE[c];
  if (alike === undefined || !doubtful) return { c, p: 0.993, alt: [{ c: alike ?? 'X', p: 0.006 }] };
  return {
    c,
    p: 0.64,
    alt: [
      { c: alike, p: 0.31 },
      { c: 'R', p: 0.03 },
      { c: 'E', p: 0.01 },
    ],
  };
}

function createPath(): PlateEvent['motion']['path'] {
  return Array.from({ length: 10 }, (_, index) => {
    const [x, y] = quadAt((index - 7) * 40)[0] as [number, number];
    return { t: index * 160, x: x + 66, y: y + 19, w: 132, h: 38 };
  });
}

/** What the generated edge says of a camera. */
export function createCamera(id: string, at: number, other: Partial<CameraStatus> = {}): CameraStatus {
  const gate = id !== 'yard';
  return {
    camera_id: id,
    name: { gate: 'Main gate', yard: 'Yard exit' }[id] ?? id,
    kind: 'simulator',
    state: gate ? 'running' : 'retrying',
    message: gate ? '' : 'The stream at 10.0.0.12 refused the connection. Trying again in 8 s.',
    since: new Date(at - 734_000).toISOString(),
    ...{ width: FRAME.w, height: FRAME.h, frames_in: 18_204, frames_processed: 7_311, passages: 214, passages_lost: 9 },
    frames_dropped: { queue: 412, late: 31 },
    fps_in: gate ? 25 : 0,
    fps_processed: gate ? 9.8 : 0,
    char_height_px: gate ? 24.5 : null,
    detector_provider: 'cpu',
    ...(gate && { directions: ['hinein', 'hinaus'], zones: ['Loading bay'] }),
    ...other,
  };
}

/** Boxes of one live picture. */
export function createBoxes(at: number, turn: number): LiveMeta {
  const quad = quadAt(((turn % 12) - 8) * 40) as LiveMeta['tracks'][number]['quad'];
  const text = TEXTS[Math.floor(turn / 12) % TEXTS.length] as string;
  return {
    camera_id: 'gate',
    at: new Date(at).toISOString(),
    width: FRAME.w,
    height: FRAME.h,
    tracks: [{ id: 7, quad, text: turn % 12 < 2 ? '' : text, confidence: 0.94 }],
  };
}
