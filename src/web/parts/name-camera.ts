import type { CameraStatus } from '../../contract/live.ts';

/** The name of a camera, or its id where no name is known. */
export function nameCamera(id: string, known: readonly CameraStatus[] | undefined): string {
  return known?.find(({ camera_id }) => camera_id === id)?.name || id;
}
