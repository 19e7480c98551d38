import { createDetector } from '../../src/vision/detect/detector.ts';
import { Letterbox } from '../../src/vision/detect/letterbox.ts';
import { createReader } from '../../src/vision/read/reader.ts';
import { recognisePicture } from '../../src/vision/recognise.ts';
import { openSession, readModelJson } from '../../test/vision/onnx-session.ts';
import { printRows, type Row } from '../row.ts';
import { compare, measure, timed } from './measure.ts';
import { readScene, toYuv } from './pictures.ts';

/** Networks alone, and a whole picture to plates, on one and two threads. Baseline: the detector's network on one thread. */
export async function run(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let baseline = 0;
  for (const threads of [1, 2]) {
    const measured = await measureThreads(threads);
    baseline ||= measured[0]?.value ?? 0;
    rows.push(...measured.map(({ what, value }) => compare(what, value, 'detector network, 1 thread', baseline)));
  }
  return rows;
}

async function measureThreads(threads: number): Promise<readonly Row[]> {
  await using detectSession = await openSession('alpr-detect', threads);
  await using readSession = await openSession('alpr-read', threads);
  const detector = createDetector({ session: detectSession, model: await readModelJson('alpr-detect/model.json') });
  const reader = createReader({ session: readSession, model: await readModelJson('alpr-read/model.json') });
  const image = await readScene();
  const yuv = toYuv(image);
  const { image: small } = new Letterbox().fit(image, { width: 640, height: 384 });
  const feed = { image: { type: 'uint8', dims: [1, 384, 640, 3], data: small.data } } as const;
  const found = (await detector.detect({ image })).filter((detection) => detection.score >= detector.highScore);
  const looks = found.flatMap(({ corners }) => (corners ? [{ image, corners }] : []));
  const one = looks.slice(0, 1);
  const crowd = Array.from({ length: 8 }, () => one).flat();
  const name = (what: string) => `${what}, ${threads} thread${threads > 1 ? 's' : ''}`;
  return [
    timed(name('detector network 640×384'), await measure(() => detectSession.run(feed))),
    timed(name('detect in 1280×720 RGB'), await measure(() => detector.detect({ image }))),
    timed(name('detect in 1280×720 YUV'), await measure(() => detector.detect({ image: yuv }))),
    timed(name('read one plate'), await measure(() => reader.read(one))),
    timed(name('read eight plates'), await measure(() => reader.read(crowd))),
    timed(
      name(`whole picture, ${looks.length} plates, RGB`),
      await measure(() => recognisePicture({ detector, reader, image })),
    ),
  ];
}

if (import.meta.main) printRows(await run());
