import type { Log } from '../../base/log.ts';
import type { Bus } from '../../bus/bus.ts';
import type { Rule, Schedule } from '../../contract/rule.ts';
import type { Sql } from '../../db/sql.ts';
import { readMutes } from '../../store/alerts/hold-back.ts';
import { listBusyCameras } from '../../store/alerts/system-states.ts';
import { readLasting, writeInTurn } from '../../store/alerts/write-alerts.ts';
import { type Raised, writePlan } from '../raise-alerts.ts';
import { repeat } from '../repeat.ts';
import { type CameraState, CameraStates, listenToCameras } from './camera-states.ts';
import { examineSystem } from './examine-system.ts';
import { judgeStates } from './judge-states.ts';

const EVERY_MS = 5000;
/** Stands for all states: whoever judges them waits for the others. */
export const TURN = 'system';

type Options = Readonly<{
  bus: Bus;
  sql: Sql;
  log: Log;
  dataFolder: string;
  /** All rules in force, by their ids. */
  rules: () => ReadonlyMap<string, Rule>;
  isWithin: (schedule: Schedule, at: number) => boolean;
  onRaised: (raised: Raised) => void;
}>;

/** Holds the state of the system against the rules about it, every few seconds. Several processes may do so. */
export async function watchSystem(options: Options): Promise<AsyncDisposable> {
  const { bus, sql, log } = options;
  const states = new CameraStates();
  states.expect(await listBusyCameras(sql), Date.now());
  await using opened = new AsyncDisposableStack();
  opened.use(await listenToCameras(bus, states));
  opened.use(
    repeat(
      {
        everyMs: EVERY_MS,
        onError: (err) => log.warn({ err }, 'the system cannot be held against its rules and is again soon'),
      },
      () => judgeSystem({ ...options, cameras: states.list(Date.now()), now: Date.now() }),
    ),
  );
  const closing = opened.move();
  return { [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

type Judging = Omit<Options, 'bus' | 'log'> & Readonly<{ cameras: readonly CameraState[]; now: number }>;

/** One look at everything that rules are about. */
export async function judgeSystem({ sql, isWithin, now, onRaised, ...given }: Judging): Promise<void> {
  const rules = new Map([...given.rules()].filter(([, { system }]) => system !== undefined));
  const { dataFolder, cameras } = given;
  const findings = await examineSystem([...rules.values()], { sql, dataFolder, cameras, now });
  if (rules.size === 0 && (await readLasting(sql)).length === 0) return;
  const raised = await writeInTurn(sql, { cameras: [], rules: [TURN] }, async (session) => {
    const [lasting, mutes] = await Promise.all([readLasting(session), readMutes(session)]);
    return writePlan({ isWithin, now, mutes }, session, judgeStates({ rules, findings, lasting, now }));
  });
  if (raised.alerts.length > 0) onRaised(raised);
}
