import turbo from '@julusian/jpeg-turbo';

/** Packed RGB. */
type Pixels = Readonly<{ kind: 'rgb24'; width: number; height: number; data: Uint8Array }>;

/** `image` as JPEG, 4:2:0, quality 1–100; encoded off the main thread. */
export function encodeJpeg(image: Pixels, quality: number): Promise<Buffer> {
  const { width, height, data } = image;
  return turbo.compress(viewBytes(data), {
    format: turbo.FORMAT_RGB,
    width,
    height,
    quality,
    subsampling: turbo.SAMP_420,
  });
}

/**
 * A JPEG in RGB, whatever orientation and colour profile it declares; decoded off the main thread, into `memory` if that is large
 * enough. Throws if anything is wrong with the file.
 */
export async function decodeJpeg(jpeg: Uint8Array, memory?: Buffer): Promise<Pixels> {
  const how = { format: turbo.FORMAT_RGB };
  const source = viewBytes(jpeg);
  const { data, width, height } = await (memory
    ? turbo.decompress(source, memory, how)
    : turbo.decompress(source, how));
  return { kind: 'rgb24', width, height, data: new Uint8Array(data.buffer, data.byteOffset, data.length) };
}

function viewBytes({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
