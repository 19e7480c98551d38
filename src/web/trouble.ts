import type { Health } from '../contract/api/health.ts';
import type { CameraStatus } from '../contract/live.ts';

type State = Readonly<{ state: string }>;

/** Whether a camera should deliver pictures and does not. One that is opened the first time, or has ended, is not down. */
export function isDown({ state }: State): boolean {
  return state === 'failed' || state === 'retrying';
}

/** How many cameras are down: "5 of 6 cameras are down"; undefined when none is. */
export function countDown(cameras: readonly State[]): string | undefined {
  const down = cameras.filter(isDown).length;
  if (down === 0) return undefined;
  if (cameras.length === 1) return 'The camera is down';
  return `${down} of ${cameras.length} cameras ${down === 1 ? 'is' : 'are'} down`;
}

const PARTS: Readonly<Record<string, string>> = {
  database: 'The database does not answer',
  bus: 'The message broker does not answer',
  search: 'The search engine does not answer',
  images: 'The store of the pictures does not answer',
};

/** Why the system is degraded, one sentence for each reason. */
export function explainDegraded(health: Health, cameras: readonly CameraStatus[] = []): readonly string[] {
  const failing = Object.entries(health).flatMap(([name, part]) => (isFailing(part) ? [nameFailure(name)] : []));
  const down = countDown(health.cameras);
  const names = health.cameras.filter(isDown).map(({ id }) => nameCamera(id, cameras));
  const reasons = [...failing, ...(down === undefined ? [] : [`${down}: ${names.join(', ')}`])];
  if (reasons.length > 0 || health.status === 'ok') return reasons;
  return ['Another part of the system does not work; the log says more'];
}

function isFailing(part: unknown): boolean {
  return typeof part === 'object' && part !== null && 'ok' in part && part.ok === false;
}

function nameFailure(name: string): string {
  return PARTS[name] ?? `The part “${name.replaceAll(/[_-]+/g, ' ')}” does not work`;
}

function nameCamera(id: string, cameras: readonly CameraStatus[]): string {
  return cameras.find((camera) => camera.camera_id === id)?.name || id;
}
