import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const id = z.int().positive();
const parameter = z.object({ id: z.string().min(1), type: z.string().min(1), name: z.string(), slug: z.string() });
const target = z.tuple([z.literal('variable'), z.tuple([z.literal('template-tag'), z.string()])]);

const cardBody = z.strictObject({
  name: z.string().min(1),
  description: z.string().min(1).nullable(),
  display: z.enum(['line', 'bar', 'table', 'row', 'pie', 'scalar']),
  collection_id: id.nullable(),
  dataset_query: z.strictObject({
    database: id,
    type: z.literal('native'),
    native: z.strictObject({
      query: z.string().min(1),
      'template-tags': z.record(
        z.string(),
        z.strictObject({
          id: z.string().min(1),
          name: z.string(),
          'display-name': z.string(),
          type: z.enum(['text', 'number', 'date']),
        }),
      ),
    }),
  }),
  parameters: z.array(parameter.extend({ target }).strict()),
  visualization_settings: z.record(z.string(), z.unknown()),
});

const archived = z.strictObject({ archived: z.boolean() });

const newDashboard = z.strictObject({
  name: z.string().min(1),
  description: z.string().nullable(),
  collection_id: id.nullable(),
  parameters: z.array(parameter.extend({ sectionId: z.string(), isMultiSelect: z.boolean().optional() }).strict()),
});

const dashboardBody = newDashboard.extend({
  dashcards: z.array(
    z.strictObject({
      id: z.int(),
      card_id: id,
      row: z.int().min(0),
      col: z.int().min(0).max(23),
      size_x: z.int().min(1).max(24),
      size_y: z.int().min(1),
      visualization_settings: z.record(z.string(), z.unknown()),
      parameter_mappings: z.array(z.strictObject({ parameter_id: z.string(), card_id: id, target })),
    }),
  ),
});

const databaseBody = z.strictObject({
  name: z.string().min(1),
  engine: z.literal('postgres'),
  details: z.strictObject({
    host: z.string().min(1),
    port: z.int(),
    dbname: z.string().min(1),
    user: z.string().min(1),
    password: z.string().min(1),
    ssl: z.boolean(),
    'schema-filters-type': z.enum(['all', 'inclusion', 'exclusion']),
  }),
});

const setupBody = z.strictObject({
  token: z.string(),
  user: z.strictObject({
    email: z.email(),
    password: z.string().min(6),
    first_name: z.string().min(1).nullable(),
    last_name: z.string().min(1).nullable(),
  }),
  prefs: z.strictObject({ site_name: z.string().min(1), allow_tracking: z.boolean().optional() }),
});

type Body = Record<string, unknown>;
type Item = { id: number } & Body;
type Asked = Readonly<{ method: string; path: string; body: unknown }>;

/**
 * The part of Metabase's API that we use, in memory. It refuses bodies with other fields than the public description of the API has
 * (metabase.com/docs/latest/api), and gives back what it stores changed, as Metabase does. It is not Metabase.
 */
export class FakeMetabase implements AsyncDisposable {
  readonly asked: Asked[] = [];
  readonly databases: Item[] = [];
  readonly collections: Item[] = [];
  readonly cards: Item[] = [];
  readonly dashboards: Item[] = [];
  admin: Readonly<{ email: string; password: string }> | undefined;
  readonly #setupToken = randomUUID();
  readonly #session = randomUUID();
  readonly #server = createServer((request, response) => {
    this.#answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  #last = 0;

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** What was asked for that changes anything. */
  get changes(): readonly string[] {
    const changing = this.asked.filter(({ method, path }) => method !== 'GET' && path !== '/api/session');
    return changing.map(({ method, path }) => `${method} ${path.replace(/\d+$/, 'ID')}`);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = Buffer.concat(await Array.fromAsync(request)).toString();
    const { method = 'GET' } = request;
    const url = new URL(request.url ?? '/', this.url);
    const asked = { method, path: url.pathname, body: text === '' ? undefined : JSON.parse(text) };
    this.asked.push(asked);
    const isOpen = /^\/api\/(session|setup)/.test(url.pathname);
    const isKnown = request.headers['x-metabase-session'] === this.#session;
    const send = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (!isOpen && !isKnown) return void send(401, 'Unauthenticated');
    try {
      const found = this.#route(asked, url.searchParams);
      send(found === undefined ? 404 : 200, found ?? 'Not found.');
    } catch (error) {
      send(400, { errors: String(error) });
    }
  }

  #route({ method, path, body }: Asked, query: URLSearchParams): unknown {
    const [, , root, key, part] = path.split('/');
    switch (`${method} ${root}${key === undefined ? '' : part === undefined ? '/:id' : `/:id/${part}`}`) {
      case 'GET session/:id':
        return { 'setup-token': this.admin ? null : this.#setupToken, 'has-user-setup': this.admin !== undefined };
      case 'POST setup': {
        const { token, user } = setupBody.parse(body);
        if (token !== this.#setupToken || this.admin) throw new Error('Token does not match the setup token.');
        this.admin = { email: user.email, password: user.password };
        return { id: this.#session };
      }
      case 'POST session': {
        const { username, password } = z.strictObject({ username: z.string(), password: z.string() }).parse(body);
        if (username !== this.admin?.email || password !== this.admin.password) throw new Error('did not match');
        return { id: this.#session };
      }
      case 'GET database':
        return { data: this.databases.map(hidePassword), total: this.databases.length };
      case 'POST database':
        return hidePassword(this.#add(this.databases, databaseBody.parse(body)));
      case 'PUT database/:id':
        return this.#change(this.databases, key, databaseBody.partial().parse(body));
      case 'GET collection':
        return [{ id: 'root', name: 'Our analytics' }, ...this.collections];
      case 'POST collection':
        return this.#add(
          this.collections,
          z.strictObject({ name: z.string().min(1), description: z.string().min(1).nullable() }).parse(body),
        );
      case 'GET collection/:id/items':
        return { data: this.#list(Number(key), query.getAll('models')) };
      case 'POST card':
        return this.#add(this.cards, rewrite(cardBody.parse(body)));
      case 'PUT card/:id':
        return this.#change(this.cards, key, archived.safeParse(body).data ?? rewrite(cardBody.parse(body)));
      case 'POST dashboard':
        return this.#add(this.dashboards, newDashboard.parse(body));
      case 'PUT dashboard/:id':
        return this.#change(this.dashboards, key, dashboardBody.partial().parse(body));
      default:
        return undefined;
    }
  }

  #list(collection: number, models: readonly string[]): readonly object[] {
    const of = (model: string, items: readonly Item[]) =>
      items
        .filter((item) => item.collection_id === collection && models.includes(model) && item.archived !== true)
        .map(({ id, name, description }) => ({ id, name, description, model }));
    return [...of('card', this.cards), ...of('dashboard', this.dashboards)];
  }

  #add(items: Item[], body: Body): Item {
    this.#last += 1;
    const item = { id: this.#last, ...body };
    items.push(item);
    return item;
  }

  #change(items: Item[], key: string | undefined, body: Body): Item | undefined {
    const item = items.find(({ id }) => id === Number(key));
    return item && Object.assign(item, body);
  }
}

function hidePassword({ details, ...item }: Item): object {
  return { ...item, details: { ...(details as object), password: '**MetabasePass**' } };
}

/** As current versions do: a query becomes stages, whatever it came as. */
function rewrite({ dataset_query, ...card }: z.infer<typeof cardBody>): Body {
  const { database, native } = dataset_query;
  const stage = { 'lib/type': 'mbql.stage/native', native: native.query, 'template-tags': native['template-tags'] };
  return { ...card, dataset_query: { 'lib/type': 'mbql/query', database, stages: [stage] } };
}
