import type { Readable } from 'node:stream';
import { PictureMemory } from './picture-memory.ts';

/** Width and height, pixels, and whether luma fills 0–255. */
export type PictureFormat = Readonly<{ width: number; height: number; fullRange: boolean }>;

/**
 * Cuts a stream of bytes into pictures of `bytes` each, every one in memory of its own, and passes them to `onPicture`.
 */
export function readPictures(
  stream: Readable,
  { bytes, memory = new PictureMemory() }: Readonly<{ bytes: number; memory?: PictureMemory }>,
  onPicture: (data: Uint8Array) => void,
): void {
  let picture = allocate(memory, bytes);
  let filled = 0;
  stream.on('data', (chunk: Buffer) => {
    for (let from = 0; from < chunk.length; ) {
      const count = copy(chunk, from, picture, filled);
      filled += count;
      from += count;
      if (filled < bytes) continue;
      onPicture(picture);
      picture = allocate(memory, bytes);
      filled = 0;
    }
  });
}

/**
 * Reads 4:2:0 pictures in the YUV4MPEG2 format: a line that states their size, then for each a line and its bytes. Every picture
 * has memory of its own. A stream without such a first line gives none.
 */
export function readY4m(
  stream: Readable,
  memory: PictureMemory,
  onPicture: (format: PictureFormat, data: Uint8Array) => void,
): void {
  let line = '';
  let format: PictureFormat | undefined;
  let picture: Uint8Array | undefined;
  let filled = 0;
  const endLine = () => {
    if (format === undefined) format = parseHeader(line);
    else picture = allocate(memory, measure420(format));
    filled = 0;
    line = '';
  };
  stream.on('data', (chunk: Buffer) => {
    for (let from = 0; from < chunk.length; ) {
      if (format && picture) {
        const count = copy(chunk, from, picture, filled);
        filled += count;
        from += count;
        if (filled < picture.length) continue;
        onPicture(format, picture);
        picture = undefined;
      } else {
        const end = chunk.indexOf(0x0a, from);
        line += chunk.toString('latin1', from, end < 0 ? chunk.length : end);
        if (end >= 0) endLine();
        from = end < 0 ? chunk.length : end + 1;
      }
    }
  });
}

/** `YUV4MPEG2 W1280 H720 F25:1 Ip A1:1 C420jpeg XCOLORRANGE=FULL` */
function parseHeader(line: string): PictureFormat | undefined {
  const [magic, ...fields] = line.split(' ');
  const find = (letter: string) => Number(fields.find((field) => field.startsWith(letter))?.slice(1));
  const [width, height] = [find('W'), find('H')];
  if (magic !== 'YUV4MPEG2' || !(width > 0) || !(height > 0)) return undefined;
  return { width, height, fullRange: fields.includes('XCOLORRANGE=FULL') };
}

function measure420({ width, height }: PictureFormat): number {
  return width * height + 2 * ((width + 1) >> 1) * ((height + 1) >> 1);
}

/** Copies as much as both hold and tells how many bytes that is. */
function copy(chunk: Uint8Array, from: number, picture: Uint8Array, filled: number): number {
  const count = Math.min(picture.length - filled, chunk.length - from);
  picture.set(chunk.subarray(from, from + count), filled);
  return count;
}

/** Not zeroed, because every byte is written. */
function allocate(memory: PictureMemory, bytes: number): Uint8Array {
  return new Uint8Array(memory.take(bytes).buffer, 0, bytes);
}
