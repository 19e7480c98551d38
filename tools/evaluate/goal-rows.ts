import { formatShare } from '../../src/eval/format-report.ts';
import type { Report } from '../../src/eval/report.ts';
import type { SetResult } from './measure-sets.ts';
import type { Goal } from './sets.ts';

/** One line of the table: what was measured against what it must and should show; `met` names the goal reached. */
export type GoalRow = Readonly<{
  what: string;
  n: string;
  value: string;
  must: string;
  aim: string;
  met: 'aim' | 'must' | 'neither' | '';
  folded: string;
  top3: string;
  ms: string;
}>;

/** What all sets show beside their goals; sets that are not there are left out. */
export function listGoalRows(results: readonly SetResult[]): readonly GoalRow[] {
  return results.flatMap(({ set, report }) => {
    if (!report) return [];
    const goals = set.goals.length > 0 ? set.goals : [{ of: 'exact' } as const];
    return goals.map((goal) => describeGoal(set.name, report, goal));
  });
}

/** A row of a figure that is better the smaller it is, such as milliseconds or bytes. */
export function describeLimit(
  what: string,
  value: number,
  limit: { must: number; aim: number; unit: string },
): GoalRow {
  const show = (figure: number) => `${Number(figure.toFixed(1))} ${limit.unit}`;
  const met = value <= limit.aim ? 'aim' : value <= limit.must ? 'must' : 'neither';
  return { what, n: '', value: show(value), must: show(limit.must), aim: show(limit.aim), met, ...NOTHING };
}

/** A row of a share that is better the larger it is. */
export function describeShare(
  what: string,
  right: number,
  n: number,
  { must, aim }: Readonly<{ must: number; aim: number }>,
): GoalRow {
  const share = right / Math.max(1, n);
  const met = share >= aim ? 'aim' : share >= must ? 'must' : 'neither';
  const show = (limit: number) => formatShare(limit, 1);
  return { what, n: String(n), value: formatShare(right, n), must: show(must), aim: show(aim), met, ...NOTHING };
}

const NOTHING = { folded: '', top3: '', ms: '' };

function describeGoal(name: string, report: Report, goal: Goal | Readonly<{ of: 'exact' }>): GoalRow {
  const { value, n } = measureGoal(report, goal.of);
  const isCount = goal.of === 'passages' || goal.of === 'falseEvents';
  const show = (figure: number) => (isCount ? String(figure) : formatShare(figure, 1));
  const reaches = (limit: number) => (goal.of === 'falseEvents' ? value <= limit : value >= limit);
  const given = 'must' in goal ? goal : undefined;
  const time = report.times.find(({ stage }) => stage === 'all');
  const { texts } = report;
  const isText = goal.of === 'exact';
  return {
    what: `${name}, ${WORDS[goal.of]}`,
    n: String(n),
    value: show(value),
    must: given ? show(given.must) : '',
    aim: given ? show(given.aim) : '',
    met: given ? (reaches(given.aim) ? 'aim' : reaches(given.must) ? 'must' : 'neither') : '',
    folded: isText ? formatShare(texts.folded, texts.n) : '',
    top3: isText ? formatShare(texts.top3, texts.n) : '',
    ms: isText && time ? time.p50.toFixed(1) : '',
  };
}

const WORDS = {
  exact: 'exact',
  state: 'state named',
  recall: 'plates found (IoU 0.5)',
  passages: 'passages with one event of the right text',
  falseEvents: 'false events',
} as const satisfies Record<Goal['of'], string>;

function measureGoal(
  { texts, boxes, clips, regionMatch }: Report,
  of: Goal['of'],
): Readonly<{ value: number; n: number }> {
  if (of === 'exact') return { value: texts.exact / Math.max(1, texts.n), n: texts.n };
  if (of === 'state') return { value: (regionMatch?.right ?? 0) / Math.max(1, texts.n), n: texts.n };
  if (of === 'passages') return { value: clips?.right ?? 0, n: clips?.passages ?? 0 };
  if (of === 'falseEvents') return { value: clips?.falseEvents ?? 0, n: clips?.clipsWithoutPlates ?? 0 };
  const plates = boxes.find(({ class: name, iou }) => name === 'plate' && iou === 0.5);
  return { value: (plates?.matched ?? 0) / Math.max(1, plates?.truth ?? 0), n: plates?.truth ?? 0 };
}
