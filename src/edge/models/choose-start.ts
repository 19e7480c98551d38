import { resolve } from 'node:path';
import type { Log } from '../../base/log.ts';
import {
  folderOfVersion,
  isHere,
  type KindState,
  MODEL_KINDS,
  type ModelKind,
  readState,
  refuse,
  stateOf,
  writeState,
} from './sync-state.ts';

type Named = Readonly<Partial<Record<ModelKind, string>>>;
type Start = Readonly<{
  folder: string;
  /** Names or folders of the configured models. */
  configured: Readonly<Partial<Record<ModelKind, string | undefined>>>;
  log: Log;
}>;

/** After so many starts without passing its trial a version counts as one that ends the process. */
const MOST_STARTS = 4;

/**
 * The folders of the versions that an edge starts with in place of configured models: those it ran last, if they are whole, without asking
 * anybody. What it settles is on the disk before anything is opened.
 */
export async function chooseStart({ folder: given, configured, log }: Start): Promise<Named> {
  const folder = resolve(given);
  const all = await readState(folder, log);
  const chosen: Partial<Record<ModelKind, string>> = {};
  let isChanged = false;
  for (const kind of MODEL_KINDS) {
    const name = configured[kind];
    if (name === undefined || !all.kinds[kind]) continue;
    const state = stateOf(all, kind, name);
    const before = JSON.stringify(state);
    await settle(state, { folder, kind, log });
    isChanged ||= JSON.stringify(state) !== before;
    if (state.usual) chosen[kind] = folderOfVersion(folder, state.usual.held);
  }
  if (isChanged) await writeState(folder, all);
  return chosen;
}

/** Goes back to the last good version, then to the configured model, until one is whole that has not ended the process again and again. */
async function settle(
  state: KindState,
  { folder, kind, log }: Omit<Start, 'configured'> & Readonly<{ kind: ModelKind }>,
) {
  if (state.usual?.trial) state.usual.trial.starts += 1;
  while (state.usual) {
    const { held, trial } = state.usual;
    const hasCrashed = trial !== null && trial.starts > MOST_STARTS;
    if (!hasCrashed && (await isHere(folder, held))) return;
    const why = hasCrashed
      ? `It was started ${MOST_STARTS} times without passing its trial`
      : 'Its files are not as they were signed';
    log.error({ kind, version: held.version, why }, 'a model version is not started again');
    const { files: _, ...named } = held;
    const refused = { ...named, reason: 'crashed', message: why, at: new Date().toISOString(), ran: true } as const;
    // What is only damaged here is fetched again.
    if (hasCrashed) refuse(state, refused);
    state.usual = state.good.pop() ?? null;
    if (state.usual?.trial) state.usual.trial.starts = 1;
  }
}

/** Nothing but configured models at the next start: what was chosen could not be opened. */
export async function forgetStart(given: string, log: Log): Promise<void> {
  const folder = resolve(given);
  const all = await readState(folder, log);
  for (const kind of MODEL_KINDS) {
    const state = all.kinds[kind];
    if (state) Object.assign(state, { usual: null, good: [], chosen: null });
  }
  await writeState(folder, all);
}
