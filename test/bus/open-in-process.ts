import { createLog } from '../../src/base/log.ts';
import type { Bus } from '../../src/bus/bus.ts';
import { openBus } from '../../src/bus/open.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';

/** The bus of one process, which refuses events until `requiredGroups` have subscribed. */
export async function openInProcessBus(requiredGroups: readonly string[] = []): Promise<Bus> {
  const log = createLog({ level: 'silent' });
  const config = { kind: 'memory' } as const;
  const { bus } = await openBus({ config, dataFolder: '', requiredGroups, log, telemetry: new Telemetry() });
  return bus;
}
