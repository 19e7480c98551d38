import type { Box } from '../../src/vision/box.ts';
import type { Frame } from '../../src/vision/frame.ts';
import { toQuad } from '../../src/vision/geometry.ts';
import type { RgbImage } from '../../src/vision/image.ts';
import { CameraPipeline, type Networks } from '../../src/vision/pipeline.ts';

/** Two vehicles that pass one camera one after the other, in pixels of a picture of 1280×720 and seconds. */
export type PassingScene = Readonly<{
  /** Whether each stops at one place, as at a barrier, or drives through. */
  stops: boolean;
  fps: number;
  /** Time in sight of each, and between them. */
  seconds: number;
  gap: number;
  /** Where the second appears, in plate widths from where the first was last, against its way. */
  offset: number;
  texts: readonly [string, string];
  /** Confidence of a look. */
  confidence: number;
}>;

const PICTURE = { width: 1280, height: 720 } as const;
const PLATE = { width: 130, height: 30 } as const;
/** Pixels a second of a vehicle that drives through. */
const SPEED = 80;
/** Characters that are not alike, in pairs. */
const OTHERS: Readonly<Record<string, string>> = { K: 'T', R: 'W', '4': '9', '7': '3', X: 'M', M: 'U', V: 'H' };

/** A text of seven characters, and one that differs in the first `edits` of them, from the back. */
export function createTexts(edits: number): readonly [string, string] {
  const text = 'KR47XMV';
  const other = [...text].map((char, index) => (index >= text.length - edits ? (OTHERS[char] ?? char) : char));
  return [text, other.join('')];
}

/** All pairs of similarity (0–7 characters), frame rate, gap and offset that two vehicles can have. */
export function listPassingScenes(): readonly PassingScene[] {
  const scenes: PassingScene[] = [];
  for (const stops of [true, false])
    for (const fps of [1, 2, 3, 5, 10, 15, 30])
      for (const gap of [0, 0.2, 0.5, 0.8, 1, 1.5, 2, 3])
        for (const offset of [0, 0.15, 0.5, 1, 2, 4])
          for (const edits of [0, 1, 2, 3, 4, 5, 6, 7]) {
            const texts = createTexts(edits);
            const scene = { stops, fps, seconds: Math.max(4, 3 / fps), gap, offset, texts, confidence: 0.995 };
            if (isPossible(scene)) scenes.push(scene);
          }
  return scenes;
}

/**
 * Vehicles have a length: none is where another was within a moment, or in the very same place without a look between them, and the
 * same one does not jump.
 */
function isPossible({ fps, gap, offset, texts }: PassingScene): boolean {
  if (texts[0] === texts[1]) return offset === 0;
  return gap + 1 / fps >= (offset < 1 ? 0.7 : 0) && (offset > 0 || gap * fps >= 1);
}

/** The texts of the final events of a scene: gate, tracker, fusion and passages are real, the networks follow the script. */
export async function playPassingScene(scene: PassingScene): Promise<readonly string[]> {
  const { fps, seconds, gap, texts, confidence } = scene;
  const total = 2 * seconds + gap + 1;
  const finals: string[] = [];
  let seen: readonly Placed[] = [];
  const networks: Networks = {
    detector: {
      highScore: 0.5,
      detect: async () => seen.map(({ box }) => ({ box, corners: toQuad(box), class: 'plate', score: 0.9 })),
    },
    reader: {
      rectify: () => CRISP,
      read: async (looks) =>
        looks.map(() => {
          const text = seen[0]?.text ?? '';
          const chars = [...text].map((char) => [{ char, p: confidence }]);
          return { text, confidence, chars, candidates: [{ text, p: confidence }], lines: 1 };
        }),
    },
  };
  const options = { gate: { enabled: false } };
  const pipeline = new CameraPipeline({ cameraId: 'scene', borrow: () => networks, options, now: () => 0 });
  for (let sequence = 0; sequence < total * fps; sequence += 1) {
    const time = sequence / fps;
    const first = time < seconds ? place(scene, time, texts[0]) : undefined;
    const since = time - seconds - gap;
    const second = since >= 0 && since < seconds ? placeSecond(scene, since) : undefined;
    seen = [first ?? second ?? []].flat();
    const { sightings } = await pipeline.observe(createFrame(sequence, Math.round(time * 1000)));
    finals.push(...sightings.filter(({ status }) => status === 'final').map(({ text }) => text));
  }
  return [...finals, ...(await pipeline.end()).sightings.map(({ text }) => text)];
}

/** How many of the scenes end with one event of each vehicle. */
export async function countPassingScenes(): Promise<Readonly<{ right: number; all: number }>> {
  const scenes = listPassingScenes();
  let right = 0;
  for (const scene of scenes) if (isRight(scene, await playPassingScene(scene))) right += 1;
  return { right, all: scenes.length };
}

/** Whether no vehicle of a scene is lost and none is doubled. */
export function isRight({ texts }: PassingScene, finals: readonly string[]): boolean {
  const truth = new Set(texts);
  return finals.length === truth.size && [...truth].every((text) => finals.includes(text));
}

type Placed = Readonly<{ box: Box; text: string }>;

function place({ stops }: PassingScene, time: number, text: string, from = 200): Placed {
  const x0 = from + (stops ? 0 : SPEED * time);
  return { text, box: { x0, y0: 300, x1: x0 + PLATE.width, y1: 300 + PLATE.height } };
}

function placeSecond(scene: PassingScene, since: number): Placed {
  const { stops, seconds, gap, offset, texts, fps } = scene;
  if (texts[0] === texts[1]) return place(scene, since, texts[0], 200 + (stops ? 0 : SPEED * (seconds + gap)));
  const last = 200 + (stops ? 0 : SPEED * (seconds - 1 / fps));
  return place(scene, since, texts[1], Math.max(5, last - offset * PLATE.width));
}

function createFrame(sequence: number, time: number): Frame {
  const image = { kind: 'yuv420p', ...PICTURE, data: NOTHING } as const;
  return { cameraId: 'scene', sequence, capturedAt: 1_700_000_000_000 + time, mediaTime: time, image };
}

const NOTHING = new Uint8Array();
const CRISP: RgbImage = {
  kind: 'rgb24',
  width: 16,
  height: 8,
  data: new Uint8Array(16 * 8 * 3).map((_, i) => (Math.floor(i / 6) % 2 === 0 ? 20 : 220)),
};
