import { alertsService } from '../alerts/service.ts';
import { apiService } from '../api/service.ts';
import { AlprError } from '../base/errors.ts';
import type { Dependence, RunningService } from '../base/service.ts';
import { printService } from '../edge/print-service.ts';
import { edgeService } from '../edge/service.ts';
import { indexerService } from '../indexer/service.ts';
import { ingestService } from '../ingest/service.ts';
import { collectorService } from '../telemetry/collector/service.ts';
import type { Config } from './config.ts';
import type { ProcessContext } from './process-context.ts';
import type { ResourceName, Resources } from './resources.ts';

/** A service as the table has it: whatever it needs, the process can open. */
export type AnyService = Readonly<{
  name: string;
  summary: string;
  needs: Readonly<Partial<Record<ResourceName, Dependence>>>;
  groups: readonly string[];
  meetsOthers?: boolean;
  watchesOthers?: boolean;
  whyNot?(config: Config): string | undefined;
  check?(config: Config): Promise<void>;
  open(given: Resources & ProcessContext): Promise<RunningService>;
}>;

/**
 * Every service, in the order in which a process that runs several starts them: consumers before producers, so that nothing is
 * published that nobody takes. They stop in the opposite order.
 */
export const SERVICES: readonly AnyService[] = [
  ingestService,
  indexerService,
  alertsService,
  apiService,
  edgeService,
  collectorService,
];

/** The services of `alpr start`: all that the configuration gives work, but for those that only watch other processes. */
export function chooseServices(config: Config, services = SERVICES): readonly AnyService[] {
  return services.filter((service) => !service.watchesOthers && service.whyNot?.(config) === undefined);
}

/** What runs when `service` runs alone; CONFIG_INVALID where it would have no work. */
export function runAlone(service: AnyService, config: Config): readonly AnyService[] {
  const whyNot = service.whyNot?.(config);
  if (whyNot !== undefined) throw new AlprError('CONFIG_INVALID', whyNot);
  if (service.meetsOthers && config.bus.kind === 'memory') {
    throw new AlprError(
      'CONFIG_INVALID',
      `alpr ${service.name} meets the other processes on Kafka: expected bus.kind kafka and bus.brokers, got bus.kind ${config.bus.kind}. Without Kafka, alpr start runs everything in one process`,
    );
  }
  // Without a broker nobody else stores what is decided on the page.
  if (service === apiService && config.bus.kind === 'memory') {
    return [ingestService, indexerService, apiService].filter((one: AnyService) => one.whyNot?.(config) === undefined);
  }
  // An edge that nobody listens to prints its events.
  return service === edgeService && config.bus.kind === 'memory' ? [printService, service] : [service];
}
