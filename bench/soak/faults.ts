import { setTimeout as sleep } from 'node:timers/promises';
import type { Victim } from './kept-process.ts';
import { shuffle } from './random.ts';

type FaultOptions = Readonly<{
  /** Each class is hit in turn, in an order of its own for each turn; which one of a class is chance. */
  classes: readonly (readonly Victim[])[];
  rounds: number;
  /** Longest time that one is away, seconds. */
  awaySeconds: number;
  random: () => number;
  report: (line: string) => void;
}>;

/** Kills or stops victims, sometimes two at once, and brings each back after a while. */
export async function causeFaults(options: FaultOptions): Promise<void> {
  const { classes, rounds, random, report } = options;
  let turn: (readonly Victim[])[] = [];
  const next = (): Victim => {
    if (turn.length === 0) turn = shuffle(classes, random);
    const victims = turn.pop() as readonly Victim[];
    return victims[Math.floor(random() * victims.length)] as Victim;
  };
  for (let round = 1; round <= rounds; round++) {
    await sleep(300 + 1500 * random());
    const victims = new Set([next(), ...(random() < 0.35 ? [next()] : [])]);
    const faults = [...victims].map((victim) => ({ victim, kill: random() < 0.6, seconds: chooseSeconds(options) }));
    const lines = faults.map(
      ({ victim, kill, seconds }) => `${victim.name} ${kill ? 'killed' : 'stopped'} for ${seconds.toFixed(1)} s`,
    );
    report(`round ${round}: ${lines.join(', ')}`);
    await Promise.all(faults.map(strike));
  }
}

function chooseSeconds({ awaySeconds, random }: FaultOptions): number {
  return awaySeconds * (0.2 + 0.8 * random());
}

async function strike({ victim, kill, seconds }: { victim: Victim; kill: boolean; seconds: number }): Promise<void> {
  await (kill ? victim.kill() : victim.pause());
  await sleep(seconds * 1000);
  await (kill ? victim.restart() : victim.resume());
}
