import { randomInt } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import type { ServerFolder } from './server.ts';

/** Below the range from which systems take ports for outgoing connections (Linux from 32768, macOS from 49152). */
const RANGE = { first: 20_000, end: 32_000 };
/** Where no server is started. */
const DOORS = { first: 32_000, end: 32_768 };

/** `count` different ports that are free on 127.0.0.1 now, drawn by chance so that runs beside each other rarely meet. */
export async function findFreePorts(count: number): Promise<readonly number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = randomInt(RANGE.first, RANGE.end);
    if (await isFree(port)) found.add(port);
  }
  return [...found];
}

/** A port that is free on 127.0.0.1 now, and that no server takes before somebody opens a door there. */
export async function findDoorPort(): Promise<number> {
  for (;;) {
    const port = randomInt(DOORS.first, DOORS.end);
    if (await isFree(port)) return port;
  }
}

/** Ports for a server over a folder: where that stays, the same at every start, so that what names them goes on to work. */
export async function keepPorts(count: number, folder: ServerFolder): Promise<readonly number[]> {
  if (folder.isTemporary) return findFreePorts(count);
  const file = path.join(folder.path, 'ports.json');
  const kept = await readPorts(file);
  if (kept.length !== count) {
    const ports = await findFreePorts(count);
    await writeFile(file, JSON.stringify(ports));
    return ports;
  }
  for (const port of kept) {
    if (await isFree(port)) continue;
    throw new Error(`Port ${port}, which an earlier start took, is in use; stop what uses it, or remove ${file}`);
  }
  return kept;
}

async function readPorts(file: string): Promise<readonly number[]> {
  try {
    const kept: unknown = JSON.parse(await readFile(file, 'utf8'));
    return Array.isArray(kept) ? kept.filter((port) => Number.isInteger(port)) : [];
  } catch {
    return [];
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  server.once('error', () => resolve(false));
  server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  return promise;
}
