import { testPaired } from '../../src/contract/mcnemar.ts';
import { formatShare } from '../../src/eval/format-report.ts';
import { formatTable } from '../../tools/evaluate/format-page.ts';
import type { ChainAnswer } from './chain-once.ts';
import { MIXED_SETS, type MixedScene } from './mixed-list.ts';

/** What every chain made of one picture, in the order of the chains. */
export type Outcome = Readonly<{ scene: Omit<MixedScene, 'file'>; answers: readonly ChainAnswer[] }>;

/**
 * A row for each chain: exact texts and plates found by set, exact texts of photographs that trained neither network, McNemar's p there against the
 * first chain, milliseconds of processor time, and their ratio to `base`.
 */
export function tabulateChains(names: readonly string[], outcomes: readonly Outcome[], base: string): string {
  const sets = MIXED_SETS.filter((set) => outcomes.some(({ scene }) => scene.set === set));
  const spent = names.map((_, at) => sum(outcomes.map(({ answers }) => answers[at]?.spent ?? 0)) / outcomes.length);
  const baseAt = names.indexOf(base);
  const rows = names.map((name, at) => {
    const bySet = sets.map((set) =>
      describeSet(
        outcomes.filter(({ scene }) => scene.set === set),
        at,
      ),
    );
    const [own, first] = [listNew(outcomes, at), listNew(outcomes, 0)];
    const exact = formatShare(own.filter(Boolean).length, own.length);
    const ms = spent[at] ?? 0;
    const ratio = baseAt < 0 ? '–' : (ms / (spent[baseAt] ?? 0)).toFixed(2);
    return [name, ...bySet, exact, at === 0 ? '–' : formatP(comparePairs(first, own)), ms.toFixed(1), ratio];
  });
  const counts = sets.map((set) => `${set} (${countTexts(outcomes.filter(({ scene }) => scene.set === set))})`);
  const untrained = `never trained on (${listNew(outcomes, 0).length})`;
  return formatTable(['networks', ...counts, untrained, 'p', 'ms', 'ratio'], rows);
}

/** McNemar's p of two chains on the same texts. */
export function comparePairs(first: readonly boolean[], second: readonly boolean[]): number {
  const onlyFirst = first.filter((right, at) => right && !second[at]).length;
  const onlySecond = second.filter((right, at) => right && !first[at]).length;
  return testPaired(onlyFirst, onlySecond);
}

/** Pictures that trained the detector are left out. */
function describeSet(outcomes: readonly Outcome[], at: number): string {
  const answers = outcomes.flatMap(({ scene, answers: all }) => (scene.isHeldOut ? (all[at] ?? []) : []));
  const right = answers.flatMap((answer) => answer.right);
  const [found, labelled] = [sum(answers.map((answer) => answer.found)), sum(answers.map((answer) => answer.labelled))];
  const exact = formatShare(right.filter(Boolean).length, right.length);
  return labelled > 0 ? `${exact}, ${formatShare(found, labelled)}` : exact;
}

function countTexts(outcomes: readonly Outcome[]): number {
  return sum(outcomes.map(({ scene, answers }) => (scene.isHeldOut ? (answers[0]?.right.length ?? 0) : 0)));
}

/** Texts of photographs that trained neither network; frames of the toll gate show three vehicles again and again. */
function listNew(outcomes: readonly Outcome[], at: number): readonly boolean[] {
  const photographs = outcomes.filter(({ scene }) => scene.isNew && !scene.isSequence);
  return photographs.flatMap(({ answers }) => answers[at]?.right ?? []);
}

function formatP(p: number): string {
  if (p >= 0.1) return p.toFixed(2);
  return p >= 0.0001 ? p.toPrecision(1) : '< 0.0001';
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
