import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { LiveMeta } from '../../contract/live.ts';
import type { Cell } from '../data/cell.ts';
import { addressOfCamera } from '../data/client.ts';

/** What a tile shows: a canvas and the boxes that belong to its picture, undefined before the first one. */
export type LivePicture = Readonly<{ canvas: RefObject<HTMLCanvasElement | null>; meta: LiveMeta | undefined }>;

/** Boxes of the latest pictures are remembered, because those of later pictures may arrive before a picture does. */
const REMEMBERED = 16;

type Fetched = Readonly<{ bitmap: ImageBitmap; meta: LiveMeta | undefined }>;

/**
 * Draws a camera's newest picture on a canvas whenever boxes arrive, one request at a time; during a request only the
 * latest boxes are kept. Picture and boxes change together.
 */
export function useLivePicture(cameraId: string, boxes: Cell<LiveMeta | undefined>): LivePicture {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [meta, setMeta] = useState<LiveMeta>();
  useEffect(() => {
    const abort = new AbortController();
    const recent: LiveMeta[] = boxes.value ? [boxes.value] : [];
    let busy = false;
    const follow = async () => {
      if (busy || boxes.value === undefined || document.hidden) return;
      busy = true;
      const wanted = boxes.value;
      const fetched = await fetchPicture(cameraId, recent, abort.signal);
      busy = false;
      if (abort.signal.aborted) return;
      if (fetched) {
        drawPicture(canvas.current, fetched.bitmap);
        setMeta(fetched.meta);
      }
      if (boxes.value !== (fetched?.meta ?? wanted)) await follow();
    };
    const unwatch = boxes.watch(() => {
      if (boxes.value) recent.unshift(boxes.value);
      recent.length = Math.min(recent.length, REMEMBERED);
      void follow();
    });
    void follow();
    return () => {
      unwatch();
      abort.abort();
    };
  }, [cameraId, boxes]);
  return { canvas, meta };
}

/** Undefined if no picture is available now; the next boxes try again. */
async function fetchPicture(
  cameraId: string,
  recent: readonly LiveMeta[],
  signal: AbortSignal,
): Promise<Fetched | undefined> {
  try {
    const response = await fetch(addressOfCamera(cameraId, recent[0]?.at ?? ''), { signal });
    if (!response.ok) return undefined;
    const bitmap = await createImageBitmap(await response.blob());
    // The answer is the newest picture, not necessarily the requested one; it names its frame.
    const at = response.headers.get('x-frame-at');
    return { bitmap, meta: recent.find((meta) => meta.at === at) ?? recent[0] };
  } catch {
    return undefined;
  }
}

function drawPicture(canvas: HTMLCanvasElement | null, bitmap: ImageBitmap): void {
  if (canvas === null) return;
  if (canvas.width !== bitmap.width) canvas.width = bitmap.width;
  if (canvas.height !== bitmap.height) canvas.height = bitmap.height;
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
}
