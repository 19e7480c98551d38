import { resolve } from 'node:path';
import type { Log } from '../base/log.ts';
import type { RunningService, Service } from '../base/service.ts';
import type { Bus } from '../bus/bus.ts';
import type { Sql } from '../db/sql.ts';
import type { AccountsConfig } from '../identity/config.ts';
import type { Images } from '../images/images.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { ALERTS_GROUP, type AlertsConfig } from './config.ts';

type Needs = Readonly<{ bus: Bus; sql: Sql; images: Images }>;
type Context = Readonly<{
  config: Readonly<{ data: string; alerts: AlertsConfig; accounts: AccountsConfig }>;
  telemetry: Telemetry;
  log: Log;
}>;

/** Holds events against rules, and hands the alerts to the channels and to the bus. */
export const alertsService: Service<Needs, Context> = {
  name: 'alerts',
  summary: 'hold events against the rules and send alerts; several share the work',
  needs: { bus: 'vital', sql: 'vital', images: 'useful' },
  groups: [ALERTS_GROUP],
  meetsOthers: true,
  async open({ bus, sql, config, telemetry, log }): Promise<RunningService> {
    const [{ openKeyFile }, { openRules }, { runAlerts }, { createAlertsMetrics }] = await Promise.all([
      import('../identity/key-file.ts'),
      import('./open-rules.ts'),
      import('./run-alerts.ts'),
      import('./metrics.ts'),
    ]);
    await using opened = new AsyncDisposableStack();
    const metrics = createAlertsMetrics(telemetry);
    const keyFile = await openKeyFile(resolve(config.data, config.accounts.key_file));
    const given = { bus, sql, log, metrics, config: config.alerts };
    const rules = opened.use(await openRules({ ...given, keyFile }));
    const running = opened.use(await runAlerts({ ...given, ...rules }));
    const closing = opened.move();
    return {
      announcement: `Holding ${bus.topics.plates} against the rules`,
      parts: [{ name: 'batches', dependence: 'vital', check: async () => running.outcomes.state() }, rules.part],
      [Symbol.asyncDispose]: () => closing.disposeAsync(),
    };
  },
};
