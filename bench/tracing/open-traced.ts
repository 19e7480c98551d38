import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Tracing } from '../../src/telemetry/tracing/tracing.ts';

type Given = Readonly<{ root: string; share?: number; most?: number; endpoint: string }>;

export const given: Given = JSON.parse(process.argv[2] ?? '{}');

/** A module of the tree that is measured. */
export function load<Module>(path: string): Promise<Module> {
  return import(join(given.root, 'src', path));
}

/** The traces of that tree, where it has any. */
export async function openTraces(): Promise<AsyncDisposable & { of(service: string): Tracing | undefined }> {
  const path = 'telemetry/tracing/open.ts';
  const none = { of: () => undefined, [Symbol.asyncDispose]: async () => undefined };
  if (!existsSync(join(given.root, 'src', path))) return none;
  const [{ openTracing }, { tracingConfigSchema }, { Telemetry }, { createLog }] = await Promise.all([
    load<typeof import('../../src/telemetry/tracing/open.ts')>(path),
    load<typeof import('../../src/telemetry/tracing/config.ts')>('telemetry/tracing/config.ts'),
    load<typeof import('../../src/telemetry/telemetry.ts')>('telemetry/telemetry.ts'),
    load<typeof import('../../src/base/log.ts')>('base/log.ts'),
  ]);
  const { share = 0, most, endpoint } = given;
  const sampling = { share, ...(most && { max_per_second: most }) };
  const config = { ...tracingConfigSchema.parse({ protocol: 'http', ...sampling }), slow_ms: 3_600_000_000 };
  const log = createLog({ level: 'warn' });
  const telemetry = new Telemetry();
  const traced = given.share === undefined ? config : { ...config, endpoint };
  return openTracing({ config: traced, site: 'bench', version: '0', telemetry, log });
}
