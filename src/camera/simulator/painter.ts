import { daylightAt } from './daylight.ts';
import { drawGlow, type Glow } from './glow.ts';
import type { Noise } from './noise.ts';
import { drawPlate, type PlateFonts } from './plate-art.ts';
import { FAR, laneCentre, project, scaleAt, type View } from './projection.ts';
import type { Scene } from './scene.ts';
import { type Canvas, paintSprite, renderSprite, type Sprite, splitCanvas } from './sprite.ts';
import { distanceAt, type Passage, speedAt } from './traffic.ts';
import { drawVehicle, findLamps, VEHICLE_SHAPES } from './vehicle-art.ts';

/** Seconds that the shutter is open. */
const EXPOSURE = { day: 1 / 1000, night: 1 / 250 };
/** Metres over which vehicles emerge from the haze. */
const FADE = 12;

/** A vehicle with its drawings; sizes in metres. */
export type Costume = Readonly<{
  passage: Passage;
  body: Sprite;
  bodySize: Readonly<{ width: number; height: number }>;
  plate: Sprite;
  plateSize: Readonly<{ width: number; height: number }>;
}>;

/** Draws a passage's vehicle and plate, sharp enough for its nearest point. */
export async function dressPassage(passage: Passage, view: View, fonts: PlateFonts): Promise<Costume> {
  const body = drawVehicle(passage.kind, passage.paint, passage.rear);
  const plate = drawPlate(passage.plate, fonts, passage.rear);
  const nearest = scaleAt(view, 8);
  const [bodySprite, plateSprite] = await Promise.all([
    renderSprite(body.svg, { width: body.width * nearest, height: body.height * nearest }),
    renderSprite(plate.svg, { width: plate.width * nearest * 1.5, height: plate.height * nearest * 1.5 }),
  ]);
  return { passage, body: bodySprite, bodySize: body, plate: plateSprite, plateSize: plate };
}

/** Paints the road with the given vehicles at media time `now` as fresh yuv420p bytes. */
export function paintFrame(parts: {
  view: View;
  scene: Scene;
  costumes: readonly Costume[];
  noise: Noise;
  night: 'auto' | boolean;
  now: number;
  sequence: number;
}): Uint8Array {
  const { view, scene, costumes, now } = parts;
  const daylight = daylightAt(parts.night, now);
  const data = scene.at(daylight).slice();
  const canvas = splitCanvas(data, view.width, view.height);
  const placed = costumes.map((costume) => ({
    costume,
    z: distanceAt(view, costume.passage, now),
    speed: speedAt(view, costume.passage, now),
  }));
  placed.sort((a, b) => b.z - a.z);
  for (const { costume, z, speed } of placed) paintVehicle(canvas, { view, costume, z, speed, daylight });
  parts.noise(canvas.y, parts.sequence, daylight);
  return data;
}

type Staged = Readonly<{ view: View; costume: Costume; z: number; speed: number; daylight: number }>;

function paintVehicle(canvas: Canvas, staged: Staged): void {
  const { view, costume, z, daylight } = staged;
  const { passage, bodySize } = costume;
  const metre = scaleAt(view, z);
  const x = laneCentre(view, passage.lane) + passage.drift;
  const solid = Math.min(1, (FAR - z) / FADE);
  const ground = project(view, { x, up: 0, z });
  paintSprite(canvas, costume.body, {
    left: ground.x - (bodySize.width * metre) / 2,
    top: ground.y - (bodySize.height - 0.08) * metre,
    width: bodySize.width * metre,
    height: bodySize.height * metre,
    light: 0.3 + 0.7 * daylight,
    solid,
  });
  paintPlate(canvas, staged, { ground, metre, solid });
  if (daylight > 0.7) return;
  const glow: Glow = { strength: (1 - daylight) * solid, metre, rear: passage.rear };
  for (const lamp of findLamps(passage.kind)) drawGlow(canvas, project(view, { x: x + lamp.x, up: lamp.up, z }), glow);
}

type Spot = Readonly<{ ground: Readonly<{ x: number; y: number }>; metre: number; solid: number }>;

function paintPlate(canvas: Canvas, { view, costume, z, speed, daylight }: Staged, spot: Spot): void {
  const { passage, plateSize } = costume;
  const { ground, metre, solid } = spot;
  const up = VEHICLE_SHAPES[passage.kind].plateUp;
  // At night the camera's own lamp lights the reflecting plate, more strongly the nearer it is.
  const lit = Math.min(0.86, 0.5 + 4 / z);
  const plate = {
    left: ground.x - (plateSize.width * metre) / 2,
    top: ground.y - (up + plateSize.height / 2) * metre,
    width: plateSize.width * metre,
    height: plateSize.height * metre,
    light: lit + (0.97 - lit) * daylight,
    solid,
  };
  paintSprite(canvas, costume.plate, plate);
  // The plate moves during the exposure: two half-transparent pictures of it make the blur.
  const exposure = EXPOSURE.night + (EXPOSURE.day - EXPOSURE.night) * daylight;
  const blur = (speed * exposure * metre * (view.cameraHeight - up)) / z;
  if (Math.abs(blur) > 0.5) paintSprite(canvas, costume.plate, { ...plate, top: plate.top + blur, solid: solid / 2 });
}
