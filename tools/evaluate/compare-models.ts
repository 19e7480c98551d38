import type { Config } from '../../src/app/config.ts';
import { formatShare } from '../../src/eval/format-report.ts';
import { replaceModel } from '../../src/eval/replace-model.ts';
import { openWatchedVision } from '../../src/eval/watched-vision.ts';
import { formatTable } from './format-page.ts';
import { measureSets, type SetResult } from './measure-sets.ts';
import type { EvalSet } from './sets.ts';

type Job = Readonly<{
  config: Config;
  data: string;
  sets: readonly EvalSet[];
  alphabet: string | undefined;
  own: readonly SetResult[];
  models: readonly string[];
}>;

/** One table of exact texts, plates found and milliseconds of each set through each model; undefined without other models. */
export async function compareModels({ models, own, config, ...job }: Job): Promise<string | undefined> {
  if (models.length === 0) return undefined;
  const columns: { model: string; results: readonly SetResult[] }[] = [{ model: 'shipped', results: own }];
  for (const model of models) {
    await using vision = await openWatchedVision(await replaceModel(config, model));
    columns.push({ model, results: await measureSets({ ...job, vision }) });
  }
  const names = own.filter(({ report }) => report).map(({ set }) => set.name);
  const rows = names.map((name) => [name, ...columns.map(({ results }) => describe(name, results))]);
  return formatTable(['set: exact, plates found, median ms', ...columns.map(({ model }) => model)], rows);
}

function describe(name: string, results: readonly SetResult[]): string {
  const report = results.find(({ set }) => set.name === name)?.report;
  if (!report) return '–';
  const { texts, boxes, clips, times } = report;
  if (clips)
    return `${clips.right} of ${clips.passages} passages, ${clips.falseEvents + clips.strayEvents} wrong events`;
  const plates = boxes.find(({ class: kind, iou }) => kind === 'plate' && iou === 0.5);
  const found = plates ? `, ${formatShare(plates.matched, plates.truth)}` : '';
  const time = times.find(({ stage }) => stage === 'all');
  return `${formatShare(texts.exact, texts.n)}${found}, ${time ? time.p50.toFixed(1) : '–'}`;
}
