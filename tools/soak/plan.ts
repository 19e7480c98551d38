import type { Victim } from './kept-process.ts';

/** How many faults make a round. */
const FAULTS = 3;

export const HOWS = ['killed', 'stopped'] as const;

/** One thing that goes away: killed with -9, or stopped (SIGSTOP), after a pause and for a while, both in seconds. */
export type Fault = Readonly<{ victim: Victim; how: (typeof HOWS)[number]; pause: number; seconds: number }>;

/** Victims that stand for each other. In each turn of all, every one of them is hit `each` times. */
export type VictimClass = Readonly<{ victims: readonly Victim[]; each: 1 | 2 }>;

/**
 * All that will go wrong, in the order that the random numbers make. Turns of all classes follow each other, each shuffled
 * anew; within a turn every class is killed as often as stopped. Who is stopped is away for `awaySeconds`, who is
 * killed comes back sooner.
 */
export function planFaults(
  options: Readonly<{
    classes: readonly VictimClass[];
    rounds: number;
    awaySeconds: number;
    random: () => number;
  }>,
): readonly Fault[] {
  const { classes, rounds, awaySeconds, random } = options;
  const plan: Fault[] = [];
  for (let turn = 0; plan.length < FAULTS * rounds; turn++) {
    const hits = classes.flatMap((one) => pairHits(one, turn, random));
    for (const { victim, how } of shuffle(hits, random)) {
      const share = how === 'stopped' ? 1 : 0.02 + 0.48 * random();
      plan.push({ victim, how, pause: 0.3 + 1.7 * random(), seconds: share * awaySeconds });
    }
  }
  return plan.slice(0, FAULTS * rounds);
}

type Hit = Pick<Fault, 'victim' | 'how'>;

/** Members hit twice are killed once and stopped once; those hit once change about from turn to turn. */
function pairHits({ victims, each }: VictimClass, turn: number, random: () => number): readonly Hit[] {
  if (each === 2) return victims.flatMap((victim) => HOWS.map((how) => ({ victim, how })));
  return shuffle(victims, random).map((victim, at) => ({ victim, how: (at + turn) % 2 === 0 ? 'killed' : 'stopped' }));
}

/** The same things in another order. */
function shuffle<T>(things: readonly T[], random: () => number): readonly T[] {
  return things
    .map((thing) => ({ thing, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ thing }) => thing);
}
