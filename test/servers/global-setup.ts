import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a worker asks for the run's servers, as scripts/stack/share.ts says. */
    serversUrl: string;
    /** What the shared Kafka is to be. */
    kafkaKind: 'kraft' | 'zookeeper';
  }
}

const SHARE = path.resolve(import.meta.dirname, '..', '..', 'scripts', 'stack', 'share.ts');

/**
 * Starts the process that owns the run's servers. Nothing but that process runs until a suite asks for one. With
 * `vitest --mode zookeeper` the shared Kafka is a 3.9 with ZooKeeper.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const kafkaKind = project.vite.config.mode === 'zookeeper' ? 'zookeeper' : 'kraft';
  project.provide('kafkaKind', kafkaKind);
  // A group of its own: Ctrl-C ends the tests, and the end of the tests ends it.
  const owner = spawn(process.execPath, [SHARE, kafkaKind], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const ended = once(owner, 'exit');
  const line = await Promise.race([once(owner.stdout, 'data'), ended.then(() => undefined)]);
  if (line === undefined) throw new Error(`${SHARE} ended before it listened`);
  project.provide('serversUrl', String(line[0]).trim());
  return async () => {
    owner.stdin.end();
    await ended;
  };
}
