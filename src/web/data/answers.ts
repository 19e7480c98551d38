import type { CameraStatus } from '../../contract/live.ts';
import type { PlateEvent } from '../../contract/plate-event.ts';

export type { CameraStatus, LiveMeta } from '../../contract/live.ts';
export type { Picture, PlateEvent } from '../../contract/plate-event.ts';

/** Answer of `GET /health`. */
export type Health = Readonly<{
  status: string;
  version: string;
  uptime_s: number;
  database: Readonly<{ ok: boolean; kind: string }>;
  bus: Readonly<{ ok: boolean; kind: string }>;
  search: Readonly<{ ok: boolean; kind: string }>;
  models: readonly Readonly<{ name: string; id: string; provider: string }>[];
  cameras: readonly Readonly<{ id: string; state: string; message: string }>[];
}>;

/** Answer of `GET /stats`. */
export type Stats = Readonly<{
  events_total: number;
  events_24h: number;
  unique_plates_24h: number;
  /** Passages read among passages seen, 0–1; null before the first passage. */
  read_rate_24h: number | null;
  mean_confidence_24h: number | null;
  per_hour: readonly Readonly<{ hour: string; events: number }>[];
  per_camera: readonly Readonly<{ camera_id: string; events: number }>[];
  top_plates: readonly Readonly<{ text: string; events: number }>[];
}>;

/** One page of events; `next` is the cursor of the following page. */
export type EventPage = Readonly<{ events: readonly PlateEvent[]; next: string | null }>;

/** One event with everything that was published about it. */
export type EventHistory = Readonly<{ event: PlateEvent; revisions: readonly PlateEvent[] }>;

/** Why an event was found. */
export type Reason = Readonly<{ kind: string; distance?: number | null; detail?: string | null }>;

/** One found event, best first. */
export type Found = Readonly<{ event: PlateEvent; score: number; reason: Reason }>;

/** One page of found events; `mode` is the one that was really used. */
export type FoundPage = Readonly<{ results: readonly Found[]; next: string | null; mode: string }>;

/** Answer of `GET /cameras`. */
export type CameraList = Readonly<{ cameras: readonly CameraStatus[] }>;
