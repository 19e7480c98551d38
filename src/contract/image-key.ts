/** Longest key of a picture, characters. */
export const MAX_IMAGE_KEY = 512;

const SEGMENT = /^[a-z0-9_-][a-z0-9._-]{0,127}$/;

/** Whether a picture may be kept under this path: a plain relative one, without hidden names and `..`. */
export function isImageKey(key: string): boolean {
  return key.length > 0 && key.length <= MAX_IMAGE_KEY && key.split('/').every((segment) => SEGMENT.test(segment));
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The event that a picture was taken for, by its key alone; undefined where the key is not one of an event's picture. */
export function eventIdOf(key: string): string | undefined {
  const id = key.split('/').at(-2);
  return id !== undefined && UUID.test(id) ? id : undefined;
}

/** The folder of an event's pictures: `site/camera/yyyy/mm/dd/event_id`. */
export function pictureFolder(
  event: Readonly<{ site: string; camera: string; detectedAt: number; id: string }>,
): string {
  const day = new Date(event.detectedAt).toISOString().slice(0, 10).replaceAll('-', '/');
  return [keySegment(event.site), keySegment(event.camera), day, event.id].join('/');
}

/** A name as it stands in keys. */
export function keySegment(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9_-]/g, '-');
}
