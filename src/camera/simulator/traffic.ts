import { createRandom, type Random } from '../../base/random.ts';
import { inventPlate, joinPlate, PLATE_STYLES, type PlateText } from './plate-text.ts';
import { edgeDistance, FAR, type View } from './projection.ts';
import { PAINTS, VEHICLE_SHAPES, type VehicleKind } from './vehicle-art.ts';

/** One vehicle on its way; times are milliseconds of media time. */
export type Passage = Readonly<{
  index: number;
  plate: PlateText;
  text: string;
  lane: number;
  kind: VehicleKind;
  paint: string;
  /** Drives away, so that its rear plate shows. */
  rear: boolean;
  /** When the plate enters and leaves the picture. */
  entersAt: number;
  leavesAt: number;
  /** When drawing of the whole vehicle begins and ends. */
  startsAt: number;
  endsAt: number;
  /** Metres from the middle of the lane. */
  drift: number;
}>;

export type TrafficOptions = Readonly<{
  view: View;
  seed: number;
  passagesPerMinute: number;
  total: number;
  confusable: boolean;
}>;

/** Speed at the near end over the speed at the far end: vehicles slow down towards the camera. */
const SLOWING = 0.4;
const KINDS: readonly VehicleKind[] = ['car', 'car', 'car', 'car', 'van', 'car', 'truck', 'car', 'bus'];
/** Gap between two vehicles of a lane, so that one does not hide the plate of the next. */
const LANE_GAP_MS = 1200;

/** All vehicles in order of appearance, decided only by the seed; no plate repeats within 4,096 vehicles. */
export function* planTraffic(options: TrafficOptions): Generator<Passage> {
  const random = createRandom(options.seed);
  const free = Array.from({ length: options.view.lanes }, () => 0);
  const recent: string[] = [];
  let clock = 600;
  for (let index = 0; index < options.total; index++) {
    const lane = chooseLane(random, free, clock);
    const startsAt = Math.round(Math.max(clock, free[lane] ?? 0));
    const plate = inventFresh(random, options.confusable, recent);
    const passage = planPassage({ random, view: options.view, index, lane, startsAt, plate });
    free[lane] = passage.endsAt + LANE_GAP_MS;
    yield passage;
    clock = startsAt + (60_000 / options.passagesPerMinute) * random.between(0.6, 1.4);
  }
}

/** Metres from the camera at media time `now`, under a constant deceleration (or, going away, acceleration). */
export function distanceAt(view: View, passage: Passage, now: number): number {
  const near = edgeDistance(view, VEHICLE_SHAPES[passage.kind].height);
  const spent = (now - passage.startsAt) / (passage.endsAt - passage.startsAt);
  const along = passage.rear ? 1 - spent : spent;
  return FAR - (FAR - near) * travelled(along);
}

/** Metres per second towards the camera; negative when going away. */
export function speedAt(view: View, passage: Passage, now: number): number {
  return (distanceAt(view, passage, now - 5) - distanceAt(view, passage, now + 5)) / 0.01;
}

function travelled(share: number): number {
  return (2 * share - (1 - SLOWING) * share * share) / (1 + SLOWING);
}

/** The share of time after which `share` of the way is done: the inverse of `travelled`. */
function timeShare(share: number): number {
  const bend = 1 - SLOWING;
  return (1 - Math.sqrt(Math.max(0, 1 - bend * (1 + SLOWING) * share))) / bend;
}

function chooseLane(random: Random, free: readonly number[], clock: number): number {
  const open = free.flatMap((at, lane) => (at <= clock ? [lane] : []));
  return open.length > 0 ? random.pick(open) : free.indexOf(Math.min(...free));
}

function inventFresh(random: Random, confusable: boolean, recent: string[]): PlateText {
  let plate = inventPlate(random, random.pick(PLATE_STYLES), confusable);
  while (recent.includes(joinPlate(plate))) plate = inventPlate(random, plate.style, confusable);
  recent.push(joinPlate(plate));
  if (recent.length > 4096) recent.shift();
  return plate;
}

function planPassage(
  parts: Readonly<{ random: Random; view: View; index: number; lane: number; startsAt: number; plate: PlateText }>,
): Passage {
  const { random, view, index, lane, startsAt, plate } = parts;
  const kind = random.pick(KINDS);
  const paint = random.pick(PAINTS);
  const rear = view.lanes > 1 && lane === view.lanes - 1;
  const shape = VEHICLE_SHAPES[kind];
  const near = edgeDistance(view, shape.height);
  const lasts = random.between(3000, 5200);
  const endsAt = startsAt + lasts;
  const plateShare = timeShare((FAR - edgeDistance(view, shape.plateUp - 0.06)) / (FAR - near));
  const times = rear
    ? { entersAt: endsAt - plateShare * lasts, leavesAt: endsAt }
    : { entersAt: startsAt, leavesAt: startsAt + plateShare * lasts };
  const drift = random.between(-0.3, 0.3);
  return { index, plate, text: joinPlate(plate), lane, kind, paint, rear, ...times, startsAt, endsAt, drift };
}
