import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { LiveMeta } from '../data/answers.ts';
import type { Cell } from '../data/cell.ts';
import { addressOfCamera } from '../data/client.ts';

/** What a tile shows: the boxes that belong to the picture on its canvas, undefined before the first one. */
export type LivePicture = Readonly<{ canvas: RefObject<HTMLCanvasElement | null>; meta: LiveMeta | undefined }>;

/**
 * Draws a camera's newest picture on a canvas whenever boxes arrive, one request at a time: what comes while one is
 * under way is replaced by what comes after it. Picture and boxes change together.
 */
export function useLivePicture(cameraId: string, boxes: Cell<LiveMeta | undefined>): LivePicture {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [meta, setMeta] = useState<LiveMeta>();
  useEffect(() => {
    let loading: HTMLImageElement | undefined;
    let shown: LiveMeta | undefined;
    const load = () => {
      const wanted = boxes.value;
      if (wanted === undefined || wanted === shown || loading !== undefined || document.hidden) return;
      const image = new Image();
      loading = image;
      image.onload = () => {
        loading = undefined;
        shown = wanted;
        drawPicture(canvas.current, image);
        setMeta(wanted);
        load();
      };
      image.onerror = () => {
        loading = undefined;
      };
      image.src = addressOfCamera(cameraId, wanted.at);
    };
    load();
    const unwatch = boxes.watch(load);
    return () => {
      unwatch();
      if (loading) loading.onload = null;
    };
  }, [cameraId, boxes]);
  return { canvas, meta };
}

function drawPicture(canvas: HTMLCanvasElement | null, image: HTMLImageElement): void {
  if (canvas === null) return;
  if (canvas.width !== image.naturalWidth) canvas.width = image.naturalWidth;
  if (canvas.height !== image.naturalHeight) canvas.height = image.naturalHeight;
  canvas.getContext('2d')?.drawImage(image, 0, 0);
}
