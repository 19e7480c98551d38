import { createLog } from '../base/log.ts';
import { decodePicture } from '../camera/pictures.ts';
import type { Config } from '../config.ts';
import type { Quad } from '../vision/box.ts';
import type { RgbImage } from '../vision/image.ts';
import { EMPTY_TALLY, scoreBoxes, scoreText, scoreTexts, type Tally } from './eval-score.ts';
import { readTruth, type TruePicture } from './eval-truth.ts';
import { openVision, type Vision } from './open-vision.ts';
import { startProgress } from './progress.ts';

export type EvalFlags = Readonly<{ crops?: boolean; split?: string; limit?: number; heldOut?: number; json?: boolean }>;

/** Measures the configured models on a folder with truth and prints the figures; 1 when a picture could not be read. */
export async function evaluate(config: Config, folder: string, flags: EvalFlags): Promise<number> {
  const log = createLog('warn');
  const pictures = await readTruth(folder, flags);
  await using vision = await openVision(config, log);
  const progress = startProgress(pictures.length, 'pictures');
  const tally = { ...EMPTY_TALLY };
  for (const picture of pictures) {
    await measurePicture(tally, picture, vision);
    progress.step();
  }
  progress.stop();
  const models = Object.values(vision.models).map(({ id, provider }) => `${id} (${provider})`);
  process.stdout.write(
    flags.json ? `${JSON.stringify({ folder, ...flags, models, ...tally })}\n` : formatTally(tally, models),
  );
  return tally.failed > 0 ? 1 : 0;
}

async function measurePicture(tally: Tally, picture: TruePicture, vision: Vision): Promise<void> {
  let image: RgbImage;
  try {
    image = await decodePicture(picture.file);
  } catch (error) {
    tally.failed++;
    process.stderr.write(`${picture.file}: ${error instanceof Error ? error.message : String(error)}\n`);
    return;
  }
  if (picture.crop) await measureCrop(tally, picture, image, vision);
  else await measureScene(tally, picture, image, vision);
  tally.pictures++;
}

/** Boxes are measured as the detector gives them at its own threshold; texts and time as the whole chain has them. */
async function measureScene(tally: Tally, picture: TruePicture, image: RgbImage, vision: Vision): Promise<void> {
  const detections = await vision.detector.detect({ image });
  const sure = detections.filter(({ score, class: name }) => name === 'plate' && score >= vision.detector.highScore);
  scoreBoxes(
    tally,
    picture.plates,
    sure.map(({ box }) => box),
  );
  const start = performance.now();
  const recognitions = await vision.recognise(image);
  tally.milliseconds += performance.now() - start;
  const reported = recognitions.map(({ detection, reading }) => ({ box: detection.box, ...reading }));
  scoreTexts(tally, picture.plates, reported);
}

/** Crops are read at their true corners, else their true box, else as a whole. */
async function measureCrop(tally: Tally, picture: TruePicture, image: RgbImage, vision: Vision): Promise<void> {
  for (const { text, corners, box } of picture.plates) {
    if (text === undefined) continue;
    const whole = box ?? { x0: 0, y0: 0, x1: image.width, y1: image.height };
    const quad: Quad = corners ?? [
      { x: whole.x0, y: whole.y0 },
      { x: whole.x1, y: whole.y0 },
      { x: whole.x1, y: whole.y1 },
      { x: whole.x0, y: whole.y1 },
    ];
    const start = performance.now();
    const [reading] = await vision.reader.read([{ image, corners: quad }]);
    tally.milliseconds += performance.now() - start;
    scoreText(tally, text, reading?.text ?? '', reading?.candidates ?? []);
  }
}

function formatTally(tally: Tally, models: readonly string[]): string {
  const share = (part: number, whole: number) => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`);
  const lines = [
    ['models', models.join(', ')],
    ['pictures', `${tally.pictures} (${tally.failed} could not be read)`],
    ['true plates found, IoU ≥ 0.5 (recall)', `${share(tally.foundPlates, tally.truePlates)} of ${tally.truePlates}`],
    [
      'reported plates that are true (precision)',
      share(tally.foundPlates, tally.truePlates ? tally.reportedPlates : 0),
    ],
    ['texts exactly right', `${share(tally.exact, tally.trueTexts)} of ${tally.trueTexts}`],
    ['texts right among the first three', share(tally.exactTop3, tally.trueTexts)],
    ['characters right (1 − edits / characters)', share(tally.chars - tally.charErrors, tally.chars)],
    ['milliseconds a picture, without decoding', (tally.milliseconds / Math.max(1, tally.pictures)).toFixed(1)],
  ];
  return lines.map(([name, value]) => `${(name as string).padEnd(44)} ${value}\n`).join('');
}
