import { loadConfig } from '../../src/app/config.ts';
import { PictureMemory } from '../../src/camera/picture-memory.ts';
import { decodePicture } from '../../src/camera/pictures.ts';
import { matchBoxes } from '../../src/eval/match-boxes.ts';
import { normalizeSaid } from '../../src/eval/normalize-truth.ts';
import type { TrueFile } from '../../src/eval/truth.ts';
import { openWatchedVision } from '../../src/eval/watched-vision.ts';

/** Overlap from which a detection has found a labelled plate. */
const FOUND = 0.5;

/** What one chain makes of one picture. */
export type ChainAnswer = Readonly<{
  /** For each plate with a known text: whether a text that is reported of the picture is this one. */
  right: readonly boolean[];
  labelled: number;
  /** Labelled plates that a detection of any look overlaps by half (IoU). */
  found: number;
  /** Milliseconds of processor time of the whole process since the answer before, all threads together. */
  spent: number;
}>;

if (import.meta.main) await serve(process.argv.slice(2));

/** Runs one chain of networks, as the settings say, in a process of its own, so that its garbage is its own: a picture at a time. */
async function serve(settings: readonly string[]): Promise<void> {
  const vision = await openWatchedVision(loadConfig({ environment: {}, settings }));
  const memory = new PictureMemory();
  let before = readClock();
  process.on('message', async ({ path, plates }: TrueFile) => {
    const image = await decodePicture(path, undefined, memory);
    vision.clock.begin();
    const said = (await vision.recognise(image)).map(({ reading }) => reading.text);
    memory.giveBack(image);
    const texts = plates.flatMap(({ text = '' }) => text || []);
    const right = texts.map((text) => said.some((one) => normalizeSaid(one, text) === text));
    const boxes = plates.flatMap(({ box }) => (box ? { box } : []));
    const seen = vision.clock.detections.filter(({ class: name }) => name === 'plate');
    const found = matchBoxes(boxes, seen, FOUND).filter(({ truth }) => truth >= 0).length;
    const now = readClock();
    process.send?.({ right, labelled: boxes.length, found, spent: now - before } satisfies ChainAnswer);
    before = now;
  });
  process.send?.('ready');
}

function readClock(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
