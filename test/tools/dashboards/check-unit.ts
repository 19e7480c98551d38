import { type Unit, unitOf } from '../../../tools/dashboards/units.ts';

/** What is wrong with values that are said to be of that unit, or undefined where they can be. */
export function findUnitFault(values: readonly number[], unit: Unit): string | undefined {
  const { least, most, reaches } = unitOf(unit);
  if (values.length === 0) return 'no data';
  const wrong = values.find((value) => !Number.isFinite(value) || value < least || value > most);
  if (wrong !== undefined) return `${wrong} is not ${unitOf(unit).words}`;
  if (unit === 'works' && values.some((value) => !Number.isInteger(value))) return 'neither 0 nor 1';
  const highest = Math.max(...values);
  return reaches !== undefined && highest > 0 && highest < reaches
    ? `at most ${highest}, which are hardly ${unit}`
    : undefined;
}
