import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Config, loadConfig } from '../../src/app/config.ts';
import { modelFolders } from '../../src/app/open-vision.ts';
import { PROGRAM_FOLDER } from '../../src/app/version.ts';
import { findAlphabet } from '../../src/eval/replace-model.ts';
import { findPercentile } from '../../src/eval/score-times.ts';
import { openWatchedVision, type WatchedVision } from '../../src/eval/watched-vision.ts';
import { findModel } from '../../src/models/hub.ts';
import { compareModels } from './compare-models.ts';
import { readCutPlates } from './cut-plates.ts';
import { formatConfidence, formatGoals, formatGroups, formatStages, takeOthers } from './format-page.ts';
import { describeLimit, describeShare, type GoalRow, listGoalRows } from './goal-rows.ts';
import { measureSets, type SetResult } from './measure-sets.ts';
import { countPassingScenes } from './passing-scenes.ts';
import { type PictureTime, timePicture } from './picture-time.ts';
import { EVAL_SETS, type EvalSet, STATES, STATES_NAMED } from './sets.ts';

const HELP = `npm run eval [-- options]: measures the shipped models on every set of the accuracy table

  --data FOLDER     where the sets lie (default ../shared/data)
  --sets NAMES      only these, separated by commas
  --compare MODEL   the same sets through another reader or detector; may be repeated
  --out FILE        the page to write (default docs/notes/measurements-recognition.md; "none" writes none)
`;

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '../shared/data' },
    sets: { type: 'string' },
    compare: { type: 'string', multiple: true, default: [] },
    out: { type: 'string', default: join(PROGRAM_FOLDER, 'docs', 'notes', 'measurements-recognition.md') },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const PICTURE_ROW = 'picture of 1280×720 with one plate, one thread, processor time';
const RANGE_ROW = 'lowest and highest of the times it was measured';
const LEAST_CUT = 0.2;
const CLOCK_ROW = 'the same by the clock, beside whatever else ran';

if (values.help) process.stdout.write(HELP);
else await evaluate();

async function evaluate(): Promise<void> {
  const config = loadConfig({ environment: {}, settings: [] });
  const data = resolve(values.data);
  const wanted = values.sets?.split(',');
  const sets = EVAL_SETS.filter(({ name, folder }) => !wanted || wanted.includes(name) || wanted.includes(folder));
  const alphabet = await findAlphabet(config);
  await using vision = await openWatchedVision(config);
  // A shared machine is slower for minutes: the picture is timed before, amid and after the sets.
  const times = [await timePicture(vision), await timePicture(vision)];
  const afterEach = async (left: number) => {
    if (left === Math.floor(sets.length / 2)) times.push(await timePicture(vision));
  };
  const results = await measureSets({ data, sets, vision, alphabet, afterEach });
  times.push(await timePicture(vision), await timePicture(vision));
  const made = wanted ? [] : await measureMade(vision);
  const states = await measureStates({ config, data, sets, alphabet });
  const limits = await describeLimits(config, times);
  const missing = results.filter(({ report }) => !report).map(({ set }) => set.folder);
  const rows = [...listGoalRows(results), ...states, ...made, ...limits];
  process.stdout.write(`${formatGoals(rows)}\n`);
  const compared = await compareModels({ config, data, sets, alphabet, own: results, models: values.compare });
  if (compared) process.stdout.write(`\n${compared}\n`);
  if (missing.length > 0) {
    const folders = [...new Set(missing)].join(', ');
    process.stdout.write(
      `\nNot measured, because they are not in ${data}: ${folders}.\nThese photographs are not part of the repository; training/README.md names each set. Give their folder with --data.\n`,
    );
    return;
  }
  if (wanted || values.out === 'none') return;
  const others = takeOthers(await readFile(values.out, 'utf8').catch(() => ''));
  await writeFile(values.out, `${formatPage({ rows, results, compared, vision })}${others}`);
  process.stdout.write(`\nWritten to ${values.out}.\n`);
}

type States = Readonly<{ config: Config; data: string; sets: readonly EvalSet[]; alphabet: string | undefined }>;

/** American crops once more, with the words that name their states. */
async function measureStates({ config, data, sets, alphabet }: States): Promise<readonly GoalRow[]> {
  const goals = [STATES_NAMED, { of: 'exact', must: 0.95, aim: 0.99 }] as const;
  const chosen = sets.filter(({ folder }) => folder === STATES);
  if (chosen.length === 0) return [];
  await using vision = await openWatchedVision({ ...config, models: { ...config.models, words: 'alpr-words' } });
  const named = chosen.map((set) => ({ ...set, name: `${set.name} with alpr-words`, goals }));
  return listGoalRows(await measureSets({ data, sets: named, vision, alphabet }));
}

/** Scenes that are made for this: pairs of vehicles, and plates that the edge of the picture cuts. */
async function measureMade(vision: WatchedVision): Promise<readonly GoalRow[]> {
  const { right, all } = await countPassingScenes();
  const cut = (await readCutPlates(vision, { plates: 34, seed: 5 })).filter(({ share }) => share >= LEAST_CUT);
  const wrong = cut.filter(({ text, truth, confidence }) => text !== truth && confidence >= 0.9);
  return [
    describeShare('simulated pairs of vehicles, each with one event', right, all, { must: 1, aim: 1 }),
    describeShare(
      'rendered plates cut by 20 to 40 %, not wrong at 0.9 or more',
      cut.length - wrong.length,
      cut.length,
      { must: 0.98, aim: 1 },
    ),
  ];
}

async function describeLimits(config: Config, times: readonly PictureTime[]): Promise<readonly GoalRow[]> {
  const limit = { must: 25, aim: 12, unit: 'ms' };
  const sorted = times.map(({ processor }) => processor).toSorted((a, b) => a - b);
  const processor = describeLimit(PICTURE_ROW, findPercentile(sorted, 0.5), limit);
  const clock = describeLimit(
    CLOCK_ROW,
    findPercentile(
      times.map(({ clock: ms }) => ms),
      0.5,
    ),
    limit,
  );
  const range = [sorted.at(0), sorted.at(-1)].map((ms) => ms?.toFixed(1)).join('–');
  const found = await Promise.all(
    [config.models.detector, config.models.reader].map((name) => findModel(name, modelFolders(config.models.folders))),
  );
  const bytes = found.reduce((sum, { manifest }) => sum + manifest.bytes, 0);
  return [
    processor,
    { ...processor, what: RANGE_ROW, value: `${range} ms`, must: '', aim: '', met: '' },
    { ...clock, must: '', aim: '', met: '' },
    describeLimit('weights of detector and reader', bytes / 1e6, { must: 20, aim: 6, unit: 'MB' }),
  ];
}

type Page = Readonly<{
  rows: readonly GoalRow[];
  results: readonly SetResult[];
  compared: string | undefined;
  vision: WatchedVision;
}>;

function formatPage({ rows, results, compared, vision }: Page): string {
  const models = Object.values(vision.models).map(({ id }) => `\`${id}\``);
  const day = new Date().toISOString().slice(0, 10);
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores`;
  return `# Recognition, measured

Written by \`npm run eval\` on ${day} with ${models.join(' and ')}, one thread each, on ${machine}. *Held out* are rows of training sets whose texts
or pictures training never saw. *Measure only* are sets never trained on, tuned on or chosen on. A figure in bold misses what it must
reach. Milliseconds are medians for a picture or crop, without decoding it, by the wall clock; the load average of the machine was ${loadavg()[1]?.toFixed(1)}.

${formatGoals(rows)}
${compared ? `\n## Beside other models\n\n${compared}\n` : ''}
## By lines of text

${formatGroups(results, 'lines')}

## By height of the characters

${formatGroups(results, 'heights')}

## Confidence

${formatConfidence(results)}

If few of n texts are wrong, even a perfectly calibrated reader shows an ECE of about 1 %: see [evaluation](../guide/evaluation.md#what-the-figures-mean).

## Milliseconds by stage

${formatStages(results.filter(({ report }) => report?.boxes.length))}
`;
}
