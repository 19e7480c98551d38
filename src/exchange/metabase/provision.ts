import { createHash } from 'node:crypto';
import { REPORT_NAMES, type ReportGroup, type ReportName, reportOf } from '../../contract/report.ts';
import type { AskMetabase } from './api.ts';
import { makeCard, targetOf, VARIABLES, variablesOf, writeStatement } from './cards.ts';

/** How Metabase reaches our database, and what it gets of it. */
export type Provision = Readonly<{
  database: Readonly<{ host: string; port: number; dbname: string; user: string; password: string; ssl: boolean }>;
  /** In which days are counted. */
  timeZone: string;
  withPlates: boolean;
  /** Whether Metabase takes the password anew, which it does not show. */
  newPassword: boolean;
}>;

type Named = Readonly<{ id: number; name: string; description?: string | null; model?: string }>;
type Listed<T> = Readonly<{ data: readonly T[] }>;
type Database = Named & Readonly<{ engine: string }>;

const NAME = 'OVR-ALPR';
const ABOUT = 'Reads, alerts and operation of licence-plate recognition.';

/** What each dashboard is about. */
const DASHBOARDS: Readonly<Record<string, Readonly<{ about: string; groups: readonly ReportGroup[] }>>> = {
  Traffic: { about: 'What was read, and who comes.', groups: ['traffic', 'plates'] },
  Operation: {
    about: 'How well it reads, what alerts did, and what is stored.',
    groups: ['recognition', 'alerts', 'storage'],
  },
};

/** Metabase divides a dashboard into 24 columns. */
const [WIDTH, HEIGHT, COLUMNS] = [12, 8, 24];

/**
 * Makes Metabase have our database, a collection, a question for each report and two dashboards. What is there as it should be stays
 * untouched: the description of each says by its last word from which definition it was made, because Metabase rewrites what it
 * stores. Resolves to what was done.
 */
export async function provision(ask: AskMetabase, wanted: Provision): Promise<readonly string[]> {
  const done: string[] = [];
  const database = await keepDatabase(ask, wanted, done);
  const collection = await keepCollection(ask, done);
  const { data: items } = await ask<Listed<Named>>(
    'GET',
    `/api/collection/${collection}/items?models=card&models=dashboard`,
  );
  const keep = (model: 'card' | 'dashboard', body: Body) => keepItem(ask, { model, body, items, collection, done });
  const names = REPORT_NAMES.filter((name) => wanted.withPlates || !reportOf(name).needsPlates);
  for (const { id, name, model } of items) {
    const isLeftOut =
      model === 'card' && REPORT_NAMES.some((one) => !names.includes(one) && reportOf(one).title === name);
    if (!isLeftOut) continue;
    await ask('PUT', `/api/card/${id}`, { archived: true });
    done.push(`archived the question ${name}`);
  }
  const cards = new Map<ReportName, number>();
  for (const name of names) {
    cards.set(name, await keep('card', { ...makeCard(name, { database, timeZone: wanted.timeZone }) }));
  }
  for (const [name, { about, groups }] of Object.entries(DASHBOARDS)) {
    const shown = names.filter((one) => groups.includes(reportOf(one).group));
    const dashcards = shown.map((one, index) =>
      placeCard(one, { card: cards.get(one) ?? 0, index, zone: wanted.timeZone }),
    );
    await keep('dashboard', { name, description: about, parameters: FILTERS, dashcards });
  }
  return done;
}

async function keepDatabase(ask: AskMetabase, wanted: Provision, done: string[]): Promise<number> {
  const { data } = await ask<Listed<Database>>('GET', '/api/database');
  const there = data.find(({ name, engine }) => name === NAME && engine === 'postgres');
  const details = { ...wanted.database, 'schema-filters-type': 'all' };
  if (there && wanted.newPassword) {
    await ask('PUT', `/api/database/${there.id}`, { details });
    done.push(`changed the database ${NAME}`);
  }
  if (there) return there.id;
  const { id } = await ask<Named>('POST', '/api/database', { name: NAME, engine: 'postgres', details });
  done.push(`added the database ${NAME}`);
  return id;
}

async function keepCollection(ask: AskMetabase, done: string[]): Promise<number> {
  const all = await ask<readonly Readonly<{ id: number | string; name: string }>[]>('GET', '/api/collection');
  const there = all.find(({ id, name }) => name === NAME && typeof id === 'number');
  if (typeof there?.id === 'number') return there.id;
  const { id } = await ask<Named>('POST', '/api/collection', { name: NAME, description: ABOUT });
  done.push(`added the collection ${NAME}`);
  return id;
}

type Body = Readonly<{ name: string; description: string; [field: string]: unknown }>;
type Item = Readonly<{
  model: 'card' | 'dashboard';
  body: Body;
  items: readonly Named[];
  collection: number;
  done: string[];
}>;

async function keepItem(ask: AskMetabase, { model, body, items, collection, done }: Item): Promise<number> {
  const { name } = body;
  const mark = createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 12);
  const described = { ...body, description: `${body.description} [${mark}]`, collection_id: collection };
  const there = items.find((item) => item.model === model && item.name === name);
  if (there?.description?.endsWith(`[${mark}]`)) return there.id;
  const path = `/api/${model}`;
  // A dashboard is created without its cards, and marked when it has them.
  const { dashcards: _, ...empty } = described as Body & { dashcards?: unknown };
  const id =
    there?.id ??
    (await ask<Named>('POST', path, model === 'card' ? described : { ...empty, description: body.description })).id;
  if (there || model === 'dashboard') await ask('PUT', `${path}/${id}`, described);
  done.push(`${there ? 'changed' : 'added'} the ${model === 'card' ? 'question' : model} ${name}`);
  return id;
}

const FILTERS = Object.entries(VARIABLES).map(([slug, { name, filter, section }]) => ({
  id: slug,
  slug,
  name,
  type: filter,
  sectionId: section,
  ...(filter === 'string/=' && { isMultiSelect: false }),
}));

/** Two questions beside each other. Those of a dashboard that have no id yet are numbered below 0. */
function placeCard(
  name: ReportName,
  { card, index, zone }: Readonly<{ card: number; index: number; zone: string }>,
): object {
  return {
    id: -1 - index,
    card_id: card,
    row: Math.floor((index * WIDTH) / COLUMNS) * HEIGHT,
    col: (index * WIDTH) % COLUMNS,
    size_x: WIDTH,
    size_y: HEIGHT,
    visualization_settings: {},
    parameter_mappings: variablesOf(writeStatement(name, zone)).map((variable) => ({
      parameter_id: variable,
      card_id: card,
      target: targetOf(variable),
    })),
  };
}
