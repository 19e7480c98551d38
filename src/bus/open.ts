import type { Log } from '../base/log.ts';
import type { Metrics } from '../base/metrics.ts';
import type { Bus } from './bus.ts';
import type { BusConfig } from './config.ts';

export type BusOptions = Readonly<{
  config: BusConfig;
  /** In process: groups without which a message of a topic would be lost, as `openMemoryBus` has them. */
  requiredGroups: Readonly<Record<string, readonly string[]>>;
  log: Log;
  metrics: Metrics;
}>;

/** Opens the bus that the configuration names. */
export async function openBus({ config, requiredGroups, log, metrics }: BusOptions): Promise<Bus> {
  switch (config.kind) {
    case 'memory': {
      const { openMemoryBus } = await import('./memory.ts');
      return openMemoryBus({ requiredGroups, log });
    }
    case 'kafka': {
      const { openKafkaBus } = await import('./kafka.ts');
      return openKafkaBus({ config, log, metrics });
    }
  }
}
