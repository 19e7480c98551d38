import type { Log } from '../base/log.ts';
import { makeFolder } from '../base/make-folder.ts';
import { openBus } from '../bus/open.ts';
import { migrate } from '../db/migrate.ts';
import { openDatabase } from '../db/open.ts';
import { openImages } from '../images/open.ts';
import type { Privacy } from '../privacy/privacy.ts';
import { openSearchIndex } from '../search/open.ts';
import { createDeadLetterTable } from '../store/dead-letters.ts';
import { Telemetry } from '../telemetry/telemetry.ts';
import type { Config } from './config.ts';
import { type CommandAudit, createCommandAudit } from './open-command-audit.ts';
import { openPrivacy } from './open-privacy.ts';

/** Privacy for a command, with all that it works on. */
export type OpenedPrivacy = CommandAudit & Readonly<{ privacy: Privacy }>;

/** Opens every place of the configuration outside of a service, also while the system runs. */
export async function openPrivacyAlone(config: Config, log: Log): Promise<OpenedPrivacy> {
  const { data: dataFolder, search } = config;
  await makeFolder(dataFolder, { mode: 0o711 });
  await using opened = new AsyncDisposableStack();
  const { sql } = opened.use(await openDatabase({ config: config.database, dataFolder, log, isShared: true }));
  const { division } = await migrate({ sql, log });
  const telemetry = new Telemetry();
  const bus = opened.use(
    await openBus({ config: config.bus, dataFolder, client: 'privacy', requiredGroups: [], log, telemetry }),
  );
  const images = opened.use(await openImages({ config: config.images, dataFolder }));
  const index = search.kind === 'opensearch' ? opened.use(await openSearchIndex(search)) : undefined;
  const deadLetters = bus.deadLetters ?? createDeadLetterTable(sql);
  const audit = await createCommandAudit(config, sql);
  const auditKeys = audit.keys;
  const privacy = await openPrivacy({ config, sql, division, images, deadLetters, auditKeys, index, log });
  const closing = opened.move();
  return { ...audit, privacy, sql, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}
