import type { Log } from '../base/log.ts';
import type { RunningService, Service } from '../base/service.ts';
import type { Bus } from '../bus/bus.ts';
import type { OpenChannel } from '../channels/channel.ts';
import type { Sql } from '../db/sql.ts';
import type { KeyFile } from '../identity/key-file.ts';
import type { Images } from '../images/images.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Tracing } from '../telemetry/tracing/tracing.ts';
import { ALERTS_GROUP, type AlertsConfig } from './config.ts';

type Needs = Readonly<{
  bus: Bus;
  sql: Sql;
  images: Images;
  keyFile: KeyFile;
  openChannel: OpenChannel;
}>;
type Context = Readonly<{
  config: Readonly<{ data: string; alerts: AlertsConfig }>;
  telemetry: Telemetry;
  tracing: Tracing;
  log: Log;
}>;

/** Holds events against rules, and hands the alerts to the channels and to the bus. */
export const alertsService: Service<Needs, Context> = {
  name: 'alerts',
  summary: 'hold events against the rules and send alerts; several share the work',
  needs: { bus: 'vital', sql: 'vital', images: 'useful', keyFile: 'vital', openChannel: 'useful' },
  groups: [ALERTS_GROUP],
  meetsOthers: true,
  async open({ config: { alerts: config, data: dataFolder }, telemetry, ...needs }): Promise<RunningService> {
    const [{ openRules }, { openDelivery }, { runAlerts }, { createAlertsMetrics }] = await Promise.all([
      import('./open-rules.ts'),
      import('./delivery/delivery.ts'),
      import('./run-alerts.ts'),
      import('./metrics.ts'),
    ]);
    await using opened = new AsyncDisposableStack();
    const given = { ...needs, config, metrics: createAlertsMetrics(telemetry) };
    const rules = opened.use(await openRules(given));
    const delivery = opened.use(openDelivery({ ...needs, config: config.delivery, telemetry }));
    const running = opened.use(await runAlerts({ ...given, ...rules, dataFolder, onRaised: delivery.wake }));
    const closing = opened.move();
    return {
      announcement: `Holding ${needs.bus.topics.plates} against the rules`,
      parts: [
        { name: 'batches', dependence: 'vital', check: async () => running.outcomes.state() },
        rules.part,
        delivery.part,
      ],
      [Symbol.asyncDispose]: () => closing.disposeAsync(),
    };
  },
};
