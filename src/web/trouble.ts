import type { Health } from '../contract/api/health.ts';
import type { CameraStatus } from '../contract/live.ts';
import { nameCamera } from './parts/name-camera.ts';
import { nameIn, spellOut, type Words } from './words.ts';

type State = Readonly<{ state: string }>;

/** Whether a camera should deliver pictures and does not. One that is opened the first time, or has ended, is not down. */
export function isDown({ state }: State): boolean {
  return state === 'failed' || state === 'retrying';
}

/** How many cameras are down: "5 of 6 cameras are down"; undefined when none is. */
export function countDown(cameras: readonly State[], { t, number }: Words): string | undefined {
  const down = cameras.filter(isDown).length;
  if (down === 0) return undefined;
  if (cameras.length === 1) return t.frame.cameraDown;
  return t.frame.camerasDown(down, number(cameras.length));
}

/** Why the system is degraded, one sentence for each reason. */
export function explainDegraded(
  health: Health,
  cameras: readonly CameraStatus[] | undefined,
  words: Words,
): readonly string[] {
  const failing = Object.entries(health).flatMap(([name, part]) => (isFailing(part) ? [nameFailure(name, words)] : []));
  const down = countDown(health.cameras, words);
  const names = health.cameras.filter(isDown).map(({ id }) => nameCamera(id, cameras));
  const reasons = [...failing, ...(down === undefined ? [] : [`${down}: ${names.join(', ')}`])];
  if (reasons.length > 0 || health.status === 'ok') return reasons;
  return [words.t.system.otherFailing];
}

function isFailing(part: unknown): boolean {
  return typeof part === 'object' && part !== null && 'ok' in part && part.ok === false;
}

function nameFailure(name: string, { t }: Words): string {
  return nameIn(t.system.failing, name) ?? t.system.partFailing(spellOut(name));
}
