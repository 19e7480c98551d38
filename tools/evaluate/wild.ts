import { readFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { loadConfig } from '../../src/app/config.ts';
import { openVision, type Vision } from '../../src/app/open-vision.ts';
import { readVideo } from '../../src/app/read-video.ts';
import { createLog } from '../../src/base/log.ts';
import { decodePicture } from '../../src/camera/pictures.ts';
import { VIDEOS } from '../../src/camera/video-file.ts';
import { normalizePlate } from '../../src/contract/plate-text.ts';

const FOLDER = resolve(process.argv[2] ?? '../shared/data/wild-give');
const SURE = 0.9;

type Said = Readonly<{ text: string; confidence: number }>;

/** `node tools/evaluate/wild.ts [FOLDER]`: whole pictures and clips against `truth.csv`, whose texts are joined by `+`; an empty text means that nothing may be read. */
await measure();

async function measure(): Promise<void> {
  const config = loadConfig({ environment: {}, settings: [] });
  await using vision = await openVision(config, createLog({ ...config.log, level: 'warn' }));
  const rows: { file: string; text: string; class: string }[] = parse(await readFile(join(FOLDER, 'truth.csv')), {
    columns: true,
  });
  const counts = { exact: 0, plates: 0, false: 0, sure: 0 };
  for (const { file, text, class: kind } of rows) {
    const said = await read(vision, join(FOLDER, file));
    const truth = text === '' ? [] : text.split('+');
    const wrong = said.filter((one) => !truth.includes(normalizePlate(one.text)));
    counts.plates += truth.length;
    counts.exact += truth.filter(
      (one) => said.filter((other) => normalizePlate(other.text) === one).length === 1,
    ).length;
    counts.false += wrong.length;
    counts.sure += wrong.filter(({ confidence }) => confidence >= SURE).length;
    const shown = said.map((one) => `${one.text} ${one.confidence.toFixed(2)}`).join(', ');
    process.stdout.write(`${file} ${kind}: ${text || 'nothing'} | ${shown || 'nothing'}\n`);
  }
  process.stdout.write(
    `${counts.exact} of ${counts.plates} plates read exactly and once; ${counts.false} other texts, ${counts.sure} of them at ${SURE} or more\n`,
  );
}

async function read(vision: Vision, path: string): Promise<readonly Said[]> {
  if (!VIDEOS.has(extname(path)))
    return (await vision.recognise(await decodePicture(path))).map(({ reading }) => reading);
  const said: Said[] = [];
  for await (const { sighting } of readVideo({ path, vision, fps: 10 })) said.push(sighting);
  return said;
}
