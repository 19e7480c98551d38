import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';

/** A file in a zip. What is packed already, such as a JPEG, is stored as it is. */
export type ZipEntry = Readonly<{ name: string; content: AsyncIterable<Uint8Array | string>; packed?: boolean }>;

/** Streams a zip of files that are made one after the other, as quickly as it is read: no more than one is in memory. */
export function streamZip(entries: AsyncIterable<ZipEntry>): Readable {
  const zip = new ZipFile();
  const output = zip.outputStream;
  if (!(output instanceof Readable)) throw new Error('expected a stream of this Node');
  const closed = new Promise<'closed'>((resolve) => output.once('close', () => resolve('closed')));
  const fill = async () => {
    for await (const { name, content, packed = false } of entries) {
      const { promise: written, resolve, reject } = Promise.withResolvers<'written'>();
      const source = Readable.from(content)
        .once('end', () => resolve('written'))
        .once('error', reject);
      zip.addReadStreamLazy(name, { compress: !packed }, (give) => give(null, source));
      if ((await Promise.race([written, closed])) === 'closed') return;
    }
    zip.end();
  };
  fill().catch((error: unknown) => output.destroy(error instanceof Error ? error : new Error(String(error))));
  return output;
}
