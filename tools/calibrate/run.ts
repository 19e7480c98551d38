import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Config, loadConfig } from '../../src/app/config.ts';
import { modelFolders } from '../../src/app/open-vision.ts';
import { AlprError } from '../../src/base/errors.ts';
import { findAlphabet } from '../../src/eval/replace-model.ts';
import { openWatchedVision, type WatchedVision } from '../../src/eval/watched-vision.ts';
import { findModel } from '../../src/models/hub.ts';
import type { ConfidenceCurve } from '../../src/vision/read/confidence-curve.ts';
import { formatTable } from '../evaluate/format-page.ts';
import { type HeldOutPlate, loadHeldOut, readPassages, readPictures, readPlates } from './collect.ts';
import { crossFit, measureCalibration } from './cross-fit.ts';
import { fitCurve, measureLogLoss } from './fit-curve.ts';
import type { CurveSample } from './statement.ts';

const HELP = `node tools/calibrate/run.ts [options]: fits what makes confidences mean what they say, on held-out rows of training sets

  --data FOLDER    where the sets lie (default ../shared/data)
  --model NAME     the reader (default: the configured one)
  --no-pictures    fit single readings to crops alone, in half of the time
  --compare-weights  print what vision.fusion.readable_share brings, for a reader that judges legibility
  --dry-run        print the figures and write nothing
  --dump FILE      write the statements that were fitted as JSON
`;

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data' },
    model: { type: 'string' },
    'no-pictures': { type: 'boolean', default: false },
    'compare-weights': { type: 'boolean', default: false },
    'dry-run': { type: 'boolean', default: false },
    dump: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const HEAD = ['what', 'n', 'wrong', 'ECE, equal mass', '95 %', 'of a perfect one', 'equal width', 'Brier', 'log loss'];
const SHARES = [0, 0.5, 1];

if (values.help) process.stdout.write(HELP);
else await calibrate();

async function calibrate(): Promise<void> {
  const defaults = loadConfig({ environment: {}, settings: [] });
  const { model = defaults.models.reader } = values;
  const config: Config = { ...defaults, models: { ...defaults.models, reader: model } };
  const data = resolve(values.data);
  const alphabet = await findAlphabet(config);
  const plates = await loadHeldOut(data, alphabet);
  if (plates.length < 100) {
    const message = `Expected at least 100 held-out plates in ${data}, found ${plates.length}; name their folder with --data`;
    throw new AlprError('NOT_FOUND', message);
  }
  await using vision = await openWatchedVision(config, true);
  const crops = await readPlates(plates, vision);
  process.stderr.write(`${crops.length} held-out crops read\n`);
  const pictures = values['no-pictures'] ? [] : await readPictures(data, vision, alphabet);
  process.stderr.write(`${pictures.length} plates in held-out pictures read\n`);
  const looks = [...crops, ...pictures];
  const useReadable = chooseReadable(looks);
  const reading = fitCurve(looks, useReadable);
  const passages = await readPassages(plates, vision, reading);
  if (values.dump !== undefined) await writeFile(values.dump, JSON.stringify({ looks, passages }));
  const passage = fitCurve(passages);
  const calibrated = crossFit(looks, useReadable);
  const all: Kind[] = [
    ['crops', crops, calibrated.filter(({ kind }) => kind === 'crop')],
    ['pictures', pictures, calibrated.filter(({ kind }) => kind === 'picture')],
    ['passages', passages, crossFit(passages)],
  ];
  const kinds = all.filter(([, samples]) => samples.length > 0);
  const rows = kinds.flatMap((kind) => describe(...kind));
  process.stdout.write(`${formatTable(HEAD, rows)}\n`);
  process.stdout.write(`${JSON.stringify({ reading, passage })}\n`);
  if (values['compare-weights']) await compareWeights(plates, vision, reading);
  if (!values['dry-run']) await writeCurves(config, { reading, passage }, plates);
}

/** The same passages with more and less of the network's legibility in the weights of their looks. */
async function compareWeights(
  plates: readonly HeldOutPlate[],
  vision: WatchedVision,
  reading: ConfidenceCurve,
): Promise<void> {
  const rows: string[][] = [];
  for (const share of SHARES) {
    const passages = await readPassages(plates, vision, reading, share);
    const right = passages.filter((sample) => sample.right).length;
    rows.push([String(share), String(passages.length), String(right), measureLogLoss(crossFit(passages)).toFixed(4)]);
  }
  process.stdout.write(`${formatTable(['readable_share', 'passages', 'right', 'log loss'], rows)}\n`);
}

/** What was stated: its name, as the network stated it, and calibrated. */
type Kind = [string, readonly CurveSample[], readonly CurveSample[]];

function describe(...[name, raw, calibrated]: Kind): string[][] {
  const rows: [string, readonly CurveSample[]][] = [
    [`${name}, raw`, raw],
    [`${name}, calibrated (cross-fitted)`, calibrated],
  ];
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  return rows.map(([what, statements]) => {
    const figures = measureCalibration(statements);
    const interval = figures.interval.map(percent).join('–');
    const eces = [percent(figures.eceEqualMass), interval, percent(figures.floor), percent(figures.eceEqualWidth)];
    return [
      what,
      String(figures.n),
      String(figures.wrong),
      ...eces,
      figures.brier.toFixed(4),
      figures.logLoss.toFixed(4),
    ];
  });
}

/** The legibility head takes part where it makes the cross-fitted loss smaller. */
function chooseReadable(samples: readonly CurveSample[]): boolean {
  if (samples.some(({ readable }) => readable === undefined)) return false;
  return measureLogLoss(crossFit(samples, true)) < measureLogLoss(crossFit(samples, false));
}

type Curves = Readonly<{ reading: ConfidenceCurve; passage: ConfidenceCurve }>;

async function writeCurves(config: Config, curves: Curves, plates: readonly HeldOutPlate[]): Promise<void> {
  const { folder } = await findModel(config.models.reader, modelFolders(config.models.folders));
  const path = join(folder, 'model.json');
  const manifest = JSON.parse(await readFile(path, 'utf8'));
  manifest.calibration = { temperature: manifest.calibration?.temperature ?? 1, ...curves };
  await writeFile(path, `${JSON.stringify(manifest, undefined, 2)}\n`);
  process.stdout.write(`Written to ${path}, from ${plates.length} held-out plates.\n`);
}
