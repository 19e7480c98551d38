import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Container } from './composition.ts';

const run = promisify(execFile);
const statsSchema = z.object({ Name: z.string(), CPUPerc: z.string(), MemUsage: z.string() });
const UNITS: Readonly<Record<string, number>> = { B: 1 / 2 ** 20, KiB: 1 / 1024, MiB: 1, GiB: 1024 };

/** What a service takes: MiB of memory, of at most so many, and cores over the last second. */
export type Usage = Readonly<{ service: string; mib: number; limitMib: number; cores: number }>;

/** What each container takes now. */
export async function measureUsage(containers: readonly Container[]): Promise<readonly Usage[]> {
  const running = containers.filter(({ state }) => state === 'running');
  const names = running.map(({ name }) => name);
  const { stdout } = await run('docker', ['stats', '--no-stream', '--format', '{{json .}}', ...names]);
  return stdout
    .trim()
    .split('\n')
    .map((line) => statsSchema.parse(JSON.parse(line)))
    .map(({ Name, CPUPerc, MemUsage }) => {
      const [used = '', limit = ''] = MemUsage.split(' / ');
      const service = running.find(({ name }) => name === Name)?.service ?? Name;
      return { service, mib: toMib(used), limitMib: toMib(limit), cores: Number.parseFloat(CPUPerc) / 100 };
    });
}

function toMib(text: string): number {
  const [, number = '', unit = ''] = /^([\d.]+)(\w+)$/.exec(text) ?? [];
  const factor = UNITS[unit];
  if (factor === undefined) throw new Error(`expected a size such as 12.5MiB, got ${text}`);
  return Number(number) * factor;
}
