import type { CameraStatus } from '../../contract/live.ts';

/** Two or three cameras fill the wall best with one of them large; four and more do so at equal size. */
const MOST_WITH_ONE_LARGE = 3;

/** Below a large tile. */
const SMALL_IN_A_ROW = 4;

/** How the tiles lie: the large one, the one that a phone shows first, and how many of the others lie beside each other. */
type Arrangement = Readonly<{ large: string | undefined; first: string | undefined; columns: number; rows: number }>;

/**
 * Arranges the cameras, which keep their order. `picked` is the one that was chosen to be large, or null for none. By
 * itself none becomes large or comes first unless it runs, and an upright picture does not become large.
 */
export function arrangeWall(cameras: readonly CameraStatus[], picked: string | null | undefined): Arrangement {
  const running = cameras.filter(({ state }) => state === 'running');
  const lead = running.find(({ width, height }) => width >= height && width > 0)?.camera_id;
  const isPicked = cameras.some(({ camera_id }) => camera_id === picked);
  const usual = cameras.length > 1 && cameras.length <= MOST_WITH_ONE_LARGE ? lead : undefined;
  const large = isPicked ? (picked ?? undefined) : picked === null ? undefined : usual;
  const columns = large === undefined ? Math.ceil(Math.sqrt(cameras.length)) : SMALL_IN_A_ROW;
  return {
    large,
    first: lead ?? running[0]?.camera_id ?? cameras[0]?.camera_id,
    columns,
    rows: Math.ceil((cameras.length - (large === undefined ? 0 : 1)) / columns),
  };
}
