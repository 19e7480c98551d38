import { readFile, stat } from 'node:fs/promises';
import { Server as HttpsServer } from 'node:https';
import path from 'node:path';
import { createSecureContext } from 'node:tls';
import { AlprError, messageOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';

/** How often renewed files are looked for. */
const LOOK_MS = 2000;

type Files = Readonly<{ cert: string; key: string }>;

/** A certificate and its key, as PEM. */
export type Credentials = Readonly<{ cert: string; key: string }>;

/** Where the configuration says they are. */
export function resolveTls(tls: Files, dataFolder: string): Files {
  return { cert: path.resolve(dataFolder, tls.cert), key: path.resolve(dataFolder, tls.key) };
}

/** CONFIG_INVALID for files that are missing or do not belong together. */
export async function readCredentials({ cert, key }: Files): Promise<Credentials> {
  try {
    const read = { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') };
    createSecureContext(read);
    return read;
  } catch (cause) {
    throw new AlprError(
      'CONFIG_INVALID',
      `Expected a certificate in ${cert} and its private key in ${key} (server.tls): ${messageOf(cause)}; alpr tls create makes both`,
      { cause },
    );
  }
}

type Renewal = Readonly<{ server: unknown; files: Files; log: Log }>;

/** Serves renewed files to those who connect from then on; connections that are open go on. Disposal ends the watch. */
export async function watchCredentials({ server, files, log }: Renewal): Promise<Disposable> {
  if (!(server instanceof HttpsServer)) throw new Error('expected a server of HTTPS');
  let known = await describeFiles(files);
  let isLooking = false;
  const look = async () => {
    const found = await describeFiles(files);
    if (found === known) return;
    server.setSecureContext(await readCredentials(files));
    known = found;
    log.info({ cert: files.cert }, 'the renewed certificate is served');
  };
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    // Between the renewal of one file and that of the other they do not fit; the next look finds both.
    look()
      .catch((error: unknown) =>
        log.warn({ err: error }, 'the renewed certificate cannot be served; the old one goes on'),
      )
      .finally(() => {
        isLooking = false;
      });
  }, LOOK_MS);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

async function describeFiles({ cert, key }: Files): Promise<string> {
  const found = await Promise.all([cert, key].map((file) => stat(file)));
  return found.map(({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`).join();
}
