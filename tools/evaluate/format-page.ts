import { formatShare } from '../../src/eval/format-report.ts';
import type { ScoredGroup } from '../../src/eval/score-texts.ts';
import type { GoalRow } from './goal-rows.ts';
import type { SetResult } from './measure-sets.ts';

/** The table of goals in Markdown; also what the terminal shows. */
export function formatGoals(rows: readonly GoalRow[]): string {
  const cells = rows.map((row) => [
    row.what,
    row.n,
    row.met === 'neither' ? `**${row.value}**` : row.value,
    row.must,
    row.aim,
    row.folded,
    row.top3,
    row.ms,
  ]);
  return formatTable(['what', 'n', 'measured', 'must', 'aim', 'O=0, I=1', 'among three', 'ms'], cells);
}

/** Rows of cells as a Markdown table with even columns. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n');
}

/** Where the texts of each set are right and where not: by lines and by height of the characters. */
export function formatGroups(results: readonly SetResult[], pick: 'lines' | 'heights'): string {
  const measured = results.filter(({ report }) => report && report.texts.n > 0 && !report.clips);
  const names = [...new Set(measured.flatMap(({ report }) => report?.[pick].map(({ group }) => group) ?? []))];
  const order = pick === 'heights' ? names.sort((a, b) => readHeight(a) - readHeight(b)) : names.sort();
  const show = (groups: readonly ScoredGroup[] | undefined, name: string) => {
    const score = groups?.find(({ group }) => group === name)?.score;
    return score ? `${formatShare(score.exact, score.n)} of ${score.n}` : '';
  };
  return formatTable(
    ['set', ...order],
    measured.map(({ set, report }) => [set.name, ...order.map((name) => show(report?.[pick], name))]),
  );
}

function readHeight(group: string): number {
  return group.startsWith('below') ? 0 : Number.parseFloat(group);
}

/** How far the confidence means what it says, for each set with texts. */
export function formatConfidence(results: readonly SetResult[]): string {
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  const rows = results.flatMap(({ set, report }) => {
    const score = report?.confidence;
    if (!score || score.n < 30) return [];
    const at90 = score.risk.find(({ coverage }) => coverage === 0.9)?.risk ?? 0;
    const eces = [percent(score.eceEqualMass), percent(score.eceEqualWidth)];
    return [[set.name, String(score.n), ...eces, score.brier.toFixed(4), percent(at90)]];
  });
  return formatTable(['set', 'n', 'ECE, equal mass', 'ECE, equal width', 'Brier', 'errors, surest 90 %'], rows);
}

/** Milliseconds by stage of the sets that were searched, medians and 95th percentiles. */
export function formatStages(results: readonly SetResult[]): string {
  const rows = results.flatMap(({ set, report }) =>
    (report?.times ?? []).map(({ stage, p50, p95 }) => [set.name, stage, p50.toFixed(2), p95.toFixed(2)]),
  );
  return formatTable(['set', 'stage', 'p50 ms', 'p95 ms'], rows);
}

/** Sections of the page that bench/pictures writes, at its end. */
export const CHAINS_HEADING = '## Versions and other networks in one run';
export const FLAMES_HEADING = '## What a picture is made of';

/** The sections of the page that this program does not write. */
export function takeOthers(page: string): string {
  const places = [CHAINS_HEADING, FLAMES_HEADING]
    .map((heading) => page.indexOf(`\n${heading}\n`))
    .filter((at) => at >= 0);
  return places.length === 0 ? '' : page.slice(Math.min(...places));
}

/** The page with another text under a heading, which is appended where it is missing. */
export function replaceSection(page: string, heading: string, text: string): string {
  const at = page.indexOf(`\n${heading}\n`);
  const next = at < 0 ? -1 : page.indexOf('\n## ', at + heading.length);
  const before = (at < 0 ? page : page.slice(0, at)).trimEnd();
  return `${before}\n\n${heading}\n\n${text.trim()}\n${next < 0 ? '' : page.slice(next)}`;
}
