import type { Report } from './report.ts';
import type { ScoredGroup } from './score-texts.ts';

/** A share as percent with one digit, or a dash of nothing. */
export function formatShare(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
}

/** The report as lines for a terminal. */
export function formatReport(report: Report): string {
  const lines = [
    ...describeTexts(report),
    ...describeBoxes(report),
    ...describeClips(report),
    ...describeConfidence(report),
    ...describeTimes(report),
    ...describeGroups('by lines', report.lines),
    ...describeGroups('by character height', report.heights),
    ...describeGroups('by region', report.regions.slice(0, 12)),
    ...describeConfusions(report),
  ];
  return lines.map(([name, value]) => `${name.padEnd(46)} ${value}\n`).join('');
}

type Line = readonly [string, string];

function describeTexts({ models, pictures, failures, texts }: Report): Line[] {
  const head: Line[] = [
    ['models', models.join(', ')],
    ['pictures', `${pictures} (${failures.length} could not be read)`],
  ];
  if (texts.n === 0) return head;
  return [
    ...head,
    ['texts exactly right', `${formatShare(texts.exact, texts.n)} of ${texts.n}`],
    ['  with O = 0 and I = 1', formatShare(texts.folded, texts.n)],
    ['  among the first three', formatShare(texts.top3, texts.n)],
    ['  not found or not read at all', String(texts.empty)],
    ['characters right (1 − edits / characters)', formatShare(texts.chars - texts.charErrors, texts.chars)],
  ];
}

function describeBoxes({ boxes, corners, regionMatch }: Report): Line[] {
  const lines: Line[] = boxes.map(({ class: name, iou, truth, matched, reported, averagePrecision }) => [
    `${name} at IoU ${iou}: recall, precision, AP`,
    `${formatShare(matched, truth)} of ${truth}, ${formatShare(matched, reported)}, ${formatShare(averagePrecision, 1)}`,
  ]);
  if (corners) {
    const { n, px, shareOfWidth } = corners;
    lines.push(['corner error', `${px.toFixed(1)} px, ${formatShare(shareOfWidth, 1)} of the width (${n} plates)`]);
  }
  if (regionMatch) {
    lines.push(['region as labelled', `${formatShare(regionMatch.right, regionMatch.n)} of ${regionMatch.n}`]);
  }
  return lines;
}

function describeClips({ clips }: Report): Line[] {
  if (!clips) return [];
  const { passages, right, doubled, missed, strayEvents, clipsWithoutPlates, falseEvents } = clips;
  return [
    ['passages with one event of the right text', `${right} of ${passages}`],
    ['  doubled, missed', `${doubled}, ${missed}`],
    ['  events with other texts', String(strayEvents)],
    ['false events in clips without plates', `${falseEvents} in ${clipsWithoutPlates} clips`],
  ];
}

function describeConfidence({ confidence }: Report): Line[] {
  if (!confidence) return [];
  const { eceEqualMass, eceEqualWidth, brier, risk, n } = confidence;
  const surest = risk
    .filter(({ coverage }) => coverage === 0.9)
    .map((at90): Line => ['errors among the surest 90 %', percent(at90.risk)]);
  return [
    [
      'calibration error, equal mass / equal width',
      `${percent(eceEqualMass)} / ${percent(eceEqualWidth)} (${n} texts)`,
    ],
    ['Brier score', brier.toFixed(4)],
    ...surest,
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

function describeTimes({ times, coresUsed }: Report): Line[] {
  const lines: Line[] = times.map(({ stage, mean, p50, p95 }) => [
    `ms a picture: ${stage}`,
    `mean ${mean.toFixed(2)}, p50 ${p50.toFixed(2)}, p95 ${p95.toFixed(2)}`,
  ]);
  return [...lines, ['cores used, decoding of pictures included', coresUsed.toFixed(2)]];
}

function describeGroups(title: string, groups: readonly ScoredGroup[]): Line[] {
  if (groups.length < 2) return [];
  const lines: Line[] = groups.map(({ group, score }) => [
    `  ${group}`,
    `${formatShare(score.exact, score.n)} of ${score.n}, folded ${formatShare(score.folded, score.n)}`,
  ]);
  return [[title, ''], ...lines];
}

function describeConfusions({ confusions }: Report): Line[] {
  const wrong = confusions.filter(({ truth, read }) => truth !== read).slice(0, 12);
  if (wrong.length === 0) return [];
  const name = (char: string) => (char === '' ? 'nothing' : char);
  return [
    [
      'commonest confusions, truth → read',
      wrong.map((pair) => `${name(pair.truth)}→${name(pair.read)} ${pair.count}`).join(', '),
    ],
  ];
}
