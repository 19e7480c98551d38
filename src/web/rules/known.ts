import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { KeptChannel } from '../../contract/api/channels.ts';
import type { PlateList } from '../../contract/api/lists.ts';
import type { CameraStatus } from '../../contract/live.ts';
import { useAnswer } from '../data/answer.ts';
import { useCell } from '../data/cell.ts';
import { request } from '../data/request.ts';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import type { KnownNames } from './rule-parts.ts';

/** What rules may name: the id in the rule, and its name for people. */
export type Known = Readonly<Record<KnownNames, ReadonlyMap<string, string>>>;

const VEHICLES = ['car', 'truck', 'bus', 'motorcycle', 'bicycle', 'van'] as const;

/** Provides what is known to the fields of a rule. */
export const KnownContext = createContext<Known | undefined>(undefined);

/** What is known; throws outside of the builder. */
export function useKnown(): Known {
  const known = useContext(KnownContext);
  if (known === undefined) throw new Error('useKnown needs a KnownContext above it');
  return known;
}

/** Asks for everything that rules may name. */
export function useNames(): Known {
  const { t } = useWords();
  const cameras = useCell(useServices().feed.cameras) ?? [];
  const lists = useAnswer<{ lists: readonly PlateList[] }>('lists', (signal) => request('/lists', { signal }));
  const channels = useAnswer<{ channels: readonly KeptChannel[] }>('channels', (signal) =>
    request('/channels', { signal }),
  );
  return {
    cameras: new Map(cameras.map(({ camera_id, name }) => [camera_id, name || camera_id])),
    directions: namesOf(cameras, ({ directions }) => directions),
    zones: namesOf(cameras, ({ zones }) => zones),
    vehicles: new Map(VEHICLES.map((vehicle) => [vehicle, t.read.vehicles[vehicle]])),
    lists: new Map(lists.value?.lists.map(({ id, name }) => [id, name])),
    channels: new Map(channels.value?.channels.map(({ channel }) => [channel.id, channel.name])),
  };
}

function namesOf(
  cameras: readonly CameraStatus[],
  find: (camera: CameraStatus) => readonly string[] | undefined,
): ReadonlyMap<string, string> {
  return new Map(cameras.flatMap((camera) => (find(camera) ?? []).map((name) => [name, name] as const)));
}

/** Finds the name for people of an id. */
export function useNameOf(of: KnownNames): (id: string) => string {
  const names = useKnown()[of];
  return (id) => names.get(id) ?? id;
}
