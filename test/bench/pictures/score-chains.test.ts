import { expect, test } from 'vitest';
import { comparePairs, type Outcome, tabulateChains } from '../../../bench/pictures/score-chains.ts';

const answer = (right: readonly boolean[], found: number, spent: number) => ({ right, labelled: 1, found, spent });
const scene = { set: 'det-openlpr', isHeldOut: true, isNew: true, isSequence: false };

function cellsOf(outcomes: readonly Outcome[], name: string): readonly string[] {
  const row = tabulateChains(['present', 'other'], outcomes, 'other')
    .split('\n')
    .find((line) => line.startsWith(`| ${name} `));
  return (row ?? '')
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

test('a chain is described by its exact texts, plates found, milliseconds and their ratio to the other chain', () => {
  const outcomes: readonly Outcome[] = [
    { scene, answers: [answer([true], 1, 10), answer([true], 1, 40)] },
    { scene, answers: [answer([true], 1, 30), answer([false], 0, 120)] },
  ];
  expect(cellsOf(outcomes, 'present')).toEqual(['present', '100.0 %, 100.0 %', '100.0 %', '–', '20.0', '0.25']);
  expect(cellsOf(outcomes, 'other')).toEqual(['other', '50.0 %, 50.0 %', '50.0 %', '1.00', '80.0', '1.00']);
});

test('a picture that trained the detector costs time and proves nothing', () => {
  const outcomes: readonly Outcome[] = [
    { scene, answers: [answer([true], 1, 10), answer([true], 1, 10)] },
    { scene: { ...scene, isHeldOut: false, isNew: false }, answers: [answer([false], 0, 50), answer([true], 1, 10)] },
  ];
  expect(cellsOf(outcomes, 'present')).toEqual(['present', '100.0 %, 100.0 %', '100.0 %', '–', '30.0', '3.00']);
});

test('a text that trained the reader, or a frame of a sequence, is no evidence for p', () => {
  const outcomes: readonly Outcome[] = [
    { scene: { ...scene, isNew: false }, answers: [answer([true], 1, 1), answer([false], 1, 1)] },
    { scene: { ...scene, isSequence: true }, answers: [answer([true], 1, 1), answer([false], 1, 1)] },
  ];
  expect(cellsOf(outcomes, 'other').slice(2, 4)).toEqual(['–', '1.00']);
});

// Both tails of the binomial distribution with twelve throws: 2 × (1 + 12 + 66) / 4096.
test('ten texts that only the first reads and two that only the second reads have p = 0.0386', () => {
  const first = [...Array(10).fill(true), false, false, true, false];
  const second = [...Array(10).fill(false), true, true, true, false];
  expect(comparePairs(first, second)).toBeCloseTo(0.03857, 5);
});
