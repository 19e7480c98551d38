import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../src/app/config.ts';
import { AlprError } from '../../src/base/errors.ts';
import { createLog } from '../../src/base/log.ts';
import { openDatabase } from '../../src/db/open.ts';
import { openCluster } from '../../src/search/opensearch.ts';
import type { KeptProcess } from './kept-process.ts';
import { countRevised, type Task } from './traffic.ts';

const PATIENCE_MS = 180_000;
const LOOK_MS = 5000;

/** How far everything has come; sums of revisions grow when an event is replaced. */
type Progress = Readonly<{ rows: number; revisions: number; kept: number; documents: number; indexed: number }>;

/** Until the first passage is in the database. */
export async function awaitFirst(config: Config): Promise<void> {
  const isThere = () =>
    readRows(config).then(
      ({ rows }) => rows > 0,
      (error) => nameAway(error) === '',
    );
  while (!(await isThere())) await sleep(1000);
}

/** Until every edge has sent all and database and search have as much; false when nothing changes for three minutes. */
export async function awaitArrival(given: {
  config: Config;
  edges: readonly KeptProcess[];
  tasks: readonly Task[];
  report: (line: string) => void;
}): Promise<boolean> {
  const { config, edges, tasks, report } = given;
  const wanted = JSON.stringify(expectProgress(tasks));
  report(`all are away no more; wanted: ${wanted}`);
  let [last, unchanged] = ['', performance.now()];
  while (performance.now() - unchanged < PATIENCE_MS) {
    const progress = await readProgress(config).then(JSON.stringify, nameAway);
    if (tasks.every((task, at) => isDone(edges[at]?.lastLine ?? '', task)) && progress === wanted) return true;
    if (progress !== last) {
      [last, unchanged] = [progress, performance.now()];
      report(progress);
    }
    await sleep(LOOK_MS);
  }
  report(`the edges say: ${edges.map(({ lastLine }) => lastLine).join(' ')}`);
  return false;
}

async function readProgress(config: Config): Promise<Progress> {
  return { ...(await readRows(config)), ...(await readDocuments(config)) };
}

/** A server that has just come back may need a moment. */
function nameAway(error: unknown): string {
  if (error instanceof AlprError && error.retry) return error.code;
  throw error;
}

function expectProgress(tasks: readonly Task[]): Progress {
  const rows = tasks.reduce((sum, { share }) => sum + share, 0);
  const kept = tasks.reduce((sum, task) => sum + countRevised(task), 0);
  return { rows, revisions: rows + kept, kept, documents: rows, indexed: rows + kept };
}

async function readRows(config: Config): Promise<Pick<Progress, 'rows' | 'revisions' | 'kept'>> {
  const log = createLog({ level: 'silent' });
  await using database = await openDatabase({ config: config.database, dataFolder: config.data, log });
  const [made] = await database.sql.query<{ there: boolean }>(
    "SELECT to_regclass('plate_events') IS NOT NULL AS there",
  );
  if (!made?.there) return { rows: 0, revisions: 0, kept: 0 };
  const [counted] = await database.sql.query<Pick<Progress, 'rows' | 'revisions' | 'kept'>>(
    `SELECT count(*)::int AS rows, coalesce(sum(revision), 0)::int AS revisions,
      (SELECT count(*)::int FROM event_revisions) AS kept FROM plate_events`,
  );
  return counted ?? { rows: 0, revisions: 0, kept: 0 };
}

type Sums = Readonly<{
  hits: Readonly<{ total: Readonly<{ value: number }> }>;
  aggregations?: Readonly<{ revisions: Readonly<{ value: number }> }>;
}>;

async function readDocuments({ search }: Config): Promise<Pick<Progress, 'documents' | 'indexed'>> {
  if (search.kind !== 'opensearch') throw new Error('the soak searches in OpenSearch');
  await using cluster = openCluster(search);
  const aggs = { revisions: { sum: { field: 'revision' } } };
  const { status, body } = await cluster.request<Sums>({
    method: 'POST',
    path: `/${search.index}/_search`,
    body: { size: 0, track_total_hits: true, aggs },
    allow: [404],
  });
  if (status === 404) return { documents: 0, indexed: 0 };
  return { documents: body.hits.total.value, indexed: body.aggregations?.revisions.value ?? 0 };
}

function isDone(line: string, { share }: Task): boolean {
  if (!line.endsWith('}')) return false;
  const { produced, waiting, pictures }: Readonly<Record<string, number>> = JSON.parse(line);
  return produced === share && waiting === 0 && pictures === 0;
}
