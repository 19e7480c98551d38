/** Where the camera is mounted and how it looks: metres, pixels. `x` runs to the right, `z` away from the camera. */
export type View = Readonly<{
  width: number;
  height: number;
  /** Focal length in pixels. */
  focal: number;
  /** Row of the horizon. */
  horizon: number;
  /** Height of the camera above the road, metres. */
  cameraHeight: number;
  lanes: number;
}>;

export const LANE_WIDTH = 3.3;
/** Where vehicles appear, metres from the camera. */
export const FAR = 75;

const FOCAL_BY_LANES = [1.85, 1.75, 1.3];

/** A camera 3.7 m above the road, with the longest lens that shows all lanes. */
export function createView(size: { width: number; height: number }, lanes: number): View {
  const focal = Math.min(size.width, size.height * 1.78) * (FOCAL_BY_LANES[lanes - 1] ?? 1.3);
  return { ...size, focal, horizon: size.height * 0.13, cameraHeight: 3.7, lanes };
}

/** Pixels per metre at distance `z`. */
export function scaleAt(view: View, z: number): number {
  return view.focal / z;
}

/** Pixel of a point `x` metres to the right, `up` metres above the road, `z` metres away. */
export function project(view: View, point: Readonly<{ x: number; up: number; z: number }>) {
  const scale = scaleAt(view, point.z);
  return { x: view.width / 2 + point.x * scale, y: view.horizon + (view.cameraHeight - point.up) * scale };
}

/** Distance at which something `up` metres above the road crosses the lower edge of the picture. */
export function edgeDistance(view: View, up: number): number {
  return ((view.cameraHeight - up) * view.focal) / (view.height - view.horizon);
}

/** Middle of a lane, metres to the right of the camera. Lane 0 is the leftmost. */
export function laneCentre(view: View, lane: number): number {
  return (lane - (view.lanes - 1) / 2) * LANE_WIDTH;
}
