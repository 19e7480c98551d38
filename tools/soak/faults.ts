import { setTimeout as sleep } from 'node:timers/promises';
import type { Victim } from './kept-process.ts';
import type { Fault } from './plan.ts';

/** How many are away at the same time, at most. */
export const AT_ONCE = 4;

const LOOK_MS = 100;

/** How often each was hit. */
export type Hits = Map<string, { killed: number; stopped: number }>;

/** Carries out a plan, several faults at a time but never two on one victim; answers how often each was hit. */
export async function causeFaults(plan: readonly Fault[], report: (line: string) => void): Promise<Hits> {
  const left = [...plan];
  const away = new Set<Victim>();
  const names = plan.map(({ victim }) => victim.name).sort();
  const hits: Hits = new Map(names.map((name) => [name, { killed: 0, stopped: 0 }]));
  const runLane = async () => {
    while (left.length > 0) {
      const at = left.findIndex(({ victim }) => !away.has(victim));
      const [fault] = at < 0 ? [] : left.splice(at, 1);
      if (!fault) {
        await sleep(LOOK_MS);
        continue;
      }
      const { victim, how } = fault;
      away.add(victim);
      const count = hits.get(victim.name);
      if (count) count[how]++;
      await strike(fault, (line) => report(`${plan.length - left.length}/${plan.length} ${line}`));
      away.delete(victim);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, runLane));
  return hits;
}

async function strike({ victim, how, pause, seconds }: Fault, report: (line: string) => void): Promise<void> {
  await sleep(pause * 1000);
  report(`${victim.name} ${how} for ${seconds.toFixed(1)} s`);
  await (how === 'killed' ? victim.kill() : victim.pause());
  await sleep(seconds * 1000);
  await (how === 'killed' ? victim.restart() : victim.resume());
}
