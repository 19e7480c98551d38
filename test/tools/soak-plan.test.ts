import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/base/random.ts';
import { planFaults, type VictimClass } from '../../tools/soak/plan.ts';

const nothing = async () => undefined;
const makeVictims = (...names: readonly string[]) =>
  names.map((name) => ({ name, kill: nothing, pause: nothing, resume: nothing, restart: nothing }));
const classes: readonly VictimClass[] = [
  { victims: makeVictims('broker'), each: 2 },
  { victims: makeVictims('database'), each: 2 },
  { victims: makeVictims('edge-0', 'edge-1', 'edge-2', 'edge-3'), each: 1 },
];
const plan = (seed: number, rounds: number) =>
  planFaults({ classes, rounds, awaySeconds: 60, random: createRandom(seed).next });

describe('The plan of what goes wrong in a soak', () => {
  test.each([1, 2, 3, 4, 5])('with seed %i kills and stops every server, and hits every edge, in one turn', (seed) => {
    // 2 + 2 + 4 hits make a turn; three rounds of three faults are one more.
    const faults = plan(seed, 3).slice(0, 8);
    const hits = faults.map(({ victim, how }) => `${victim.name} ${how}`);
    expect(hits).toEqual(expect.arrayContaining(['broker killed', 'broker stopped', 'database killed']));
    expect(hits).toContain('database stopped');
    expect(new Set(faults.map(({ victim }) => victim.name)).size).toBe(6);
    expect(faults.filter(({ how }) => how === 'killed')).toHaveLength(4);
  });

  test('is the same for the same seed and another for another', () => {
    const named = (seed: number) => JSON.stringify(plan(seed, 10));
    expect(named(7)).toBe(named(7));
    expect(named(7)).not.toBe(named(8));
  });

  test('stops for as long as it was told and kills for less', () => {
    for (const { how, seconds } of plan(3, 40)) {
      if (how === 'stopped') expect(seconds).toBe(60);
      else expect(seconds).toBeLessThanOrEqual(30);
    }
  });
});
