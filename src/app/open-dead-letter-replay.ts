import { existsSync } from 'node:fs';
import path from 'node:path';
import type { CommandDeed } from '../audit/system-entry.ts';
import type { Log } from '../base/log.ts';
import { makeFolder } from '../base/make-folder.ts';
import { type Bus, publishAround, Raw } from '../bus/bus.ts';
import type { DeadLetterBox, KeptLetter } from '../bus/dead-letters.ts';
import { openBus } from '../bus/open.ts';
import { openImages } from '../images/open.ts';
import { ingestService } from '../ingest/service.ts';
import { createDeadLetterTable } from '../store/dead-letters.ts';
import { Telemetry } from '../telemetry/telemetry.ts';
import { NO_TRACING } from '../telemetry/tracing/tracing.ts';
import type { Config } from './config.ts';
import { type CommandAudit, createCommandAudit, openCommandAudit } from './open-command-audit.ts';
import { openSharedDatabase } from './open-shared-database.ts';

/** How often a letter was handed in again. */
const REPLAYS = 'alpr-replays';

/** Letters handed in again at once. */
const AT_ONCE = 500;

/** How many letters the bus took, how many it refuses for good, and how many are here without their bytes. */
type HandedIn = Readonly<{ taken: number; refused: number; withoutBytes: number }>;

/** The configured box of dead letters, and the way back for what lies in it. */
export type DeadLetterReplay = AsyncDisposable &
  Readonly<{
    box: DeadLetterBox;
    /** Hands letters in again as they came, and takes those out of the box that the bus took. */
    handIn: (letters: readonly KeptLetter[]) => Promise<HandedIn>;
    /** Writes down what is done, wherever a database is configured: messages hold plates. */
    record: (deed: CommandDeed) => Promise<void>;
  }>;

/** Opens the box that a broker keeps; without one the table of the database, with an ingest for what is handed in again. */
export async function openDeadLetterReplay(config: Config, log: Log): Promise<DeadLetterReplay> {
  await makeFolder(config.data, { mode: 0o711 });
  await using opened = new AsyncDisposableStack();
  const telemetry = new Telemetry();
  const { data: dataFolder } = config;
  const requiredGroups = ingestService.groups;
  const { bus, deadLetters } = opened.use(
    await openBus({ config: config.bus, dataFolder, client: 'dlq', requiredGroups, log, telemetry }),
  );
  let box = deadLetters;
  let audit: Pick<CommandAudit, 'record'> | undefined;
  if (box && hasDatabase(config)) audit = opened.use(await openCommandAudit(config));
  if (!box) {
    const { sql } = opened.use(await openSharedDatabase(config));
    audit = await createCommandAudit(config, sql);
    box = createDeadLetterTable(sql);
    const images = opened.use(await openImages({ config: config.images, dataFolder }));
    opened.use(
      await ingestService.open({ config, bus, sql, images, deadLetters: box, telemetry, tracing: NO_TRACING, log }),
    );
  }
  const letters = box;
  const closing = opened.move();
  return {
    box: letters,
    record: async (deed) => audit?.record(deed),
    handIn: (chosen) => handIn(bus, letters, chosen),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

/** On Kafka a machine may have no database: then there is nothing of its own to look up. */
function hasDatabase({ data, database }: Config): boolean {
  return database.kind === 'postgres' || existsSync(path.resolve(data, database.folder));
}

async function handIn(bus: Bus, box: DeadLetterBox, letters: readonly KeptLetter[]): Promise<HandedIn> {
  const whole = letters.filter(({ leftOutBytes }) => leftOutBytes === undefined);
  let count = 0;
  for (let at = 0; at < whole.length; at += AT_ONCE) {
    const taken = await publishAgain(bus, whole.slice(at, at + AT_ONCE));
    await box.settle(
      taken.map(({ id }) => id),
      'replayed',
    );
    count += taken.length;
  }
  return { taken: count, refused: whole.length - count, withoutBytes: letters.length - whole.length };
}

/** Resolves to the letters that the bus took; the others it refuses for good. */
async function publishAgain(bus: Bus, letters: readonly KeptLetter[]): Promise<readonly KeptLetter[]> {
  const refused = new Set<KeptLetter>();
  const publish = (some: readonly KeptLetter[]) => bus.publish('plates', some.map(toRaw));
  await publishAround(publish, letters, async (letter) => void refused.add(letter));
  return letters.filter((letter) => !refused.has(letter));
}

/** The message as it was. Where it came from is no longer true; that it came before is. */
function toRaw({ message: { key, value, headers } }: KeptLetter): Raw {
  const replays = Number(headers[REPLAYS] ?? 0) + 1;
  return new Raw({ key, value, headers: { ...headers, [REPLAYS]: String(replays) } });
}
