/** The fields of a search as text, as in the address; empty when not set. */
export type SearchQuery = Readonly<{
  q: string;
  mode: string;
  camera: string;
  site: string;
  region: string;
  vehicle: string;
  direction: string;
  zone: string;
  /** Local or UTC time in ISO form. */
  from: string;
  to: string;
  /** 0–1. */
  min_confidence: string;
}>;

/** Screens whose name is their whole address. */
const PLAIN = [
  'missing',
  'live',
  'system',
  'account',
  'people',
  'tokens',
  'audit',
  'privacy',
  'alerts',
  'cameras',
  'reports',
] as const;

/** Screens that may open one thing of a list. */
const LISTED = ['review', 'rules', 'lists', 'channels', 'gate', 'health', 'models'] as const;

/** One screen of the page and what it shows. */
export type Route =
  | Readonly<{ screen: (typeof PLAIN)[number] }>
  | Readonly<{ screen: 'read'; id: string }>
  | Readonly<{ screen: (typeof LISTED)[number]; id: string | undefined }>
  | Readonly<{ screen: 'plates'; text: string }>
  | Readonly<{ screen: 'search'; query: SearchQuery }>;

/** A search without any condition. */
export const EMPTY_QUERY: SearchQuery = {
  q: '',
  mode: 'auto',
  camera: '',
  site: '',
  region: '',
  vehicle: '',
  direction: '',
  zone: '',
  from: '',
  to: '',
  min_confidence: '',
};

/** Names of the fields of a search. */
export const FIELDS = [
  'q',
  'mode',
  'camera',
  'site',
  'region',
  'vehicle',
  'direction',
  'zone',
  'from',
  'to',
  'min_confidence',
] as const;

/** Parses a hash like `#/search?q=AB1`. Without an address it is the live wall; one that is nowhere is the screen `missing`. */
export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#/, '').split('?', 2);
  const [screen, id] = path.split('/').filter((part) => part !== '');
  if (screen === 'event' && id) return { screen: 'read', id: decode(id) };
  const listed = LISTED.find((name) => name === screen);
  if (listed) return { screen: listed, id: id && decode(id) };
  if (screen === 'plates' && id) return { screen: 'plates', text: decode(id) };
  if (screen === 'search') return { screen: 'search', query: parseQuery(search) };
  const isAddress = path.startsWith('/') && screen !== undefined;
  return { screen: PLAIN.find((name) => name === screen) ?? (isAddress ? 'missing' : 'live') };
}

/** The address of a screen, starting with `#/`; fields with their default value are left out. */
export function formatRoute(route: Route): string {
  if (route.screen === 'read') return `#/event/${encodeURIComponent(route.id)}`;
  if (route.screen === 'plates') return `#/plates/${encodeURIComponent(route.text)}`;
  if ('id' in route && route.id !== undefined) return `#/${route.screen}/${encodeURIComponent(route.id)}`;
  if (route.screen !== 'search') return `#/${route.screen}`;
  const search = formatQuery(route.query);
  return search === '' ? '#/search' : `#/search?${search}`;
}

/** The query as address parameters, without fields that have their default value. */
export function formatQuery(query: SearchQuery): string {
  const set = FIELDS.filter((field) => query[field] !== EMPTY_QUERY[field]);
  return new URLSearchParams(set.map((field): [string, string] => [field, query[field]])).toString();
}

/** Whether the query asks for anything: a text, or at least one filter. */
export function asksForReads(query: SearchQuery): boolean {
  return formatQuery({ ...query, mode: EMPTY_QUERY.mode }) !== '';
}

/** A broken escape stays unchanged; the API then answers that there is no such event. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function parseQuery(search: string): SearchQuery {
  const given = new URLSearchParams(search);
  const query = { ...EMPTY_QUERY };
  for (const field of FIELDS) query[field] = given.get(field) ?? EMPTY_QUERY[field];
  return query;
}

/** A link that sets an account up: its one-time token, and whose account it is unless it is the first one. */
export type SetUpLink = Readonly<{ token: string; name: string | undefined }>;

/** Reads such a link. All of it stands behind `#`, so that no server and no log sees it. */
export function readSetUpLink({ pathname, hash }: Readonly<{ pathname: string; hash: string }>): SetUpLink | undefined {
  if (!pathname.endsWith('/setup')) return undefined;
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  return { token: given.get('token') ?? '', name: given.get('name') ?? undefined };
}

/** The code of the error with which another provider's sign-in came back: `#sign-in=FORBIDDEN`. */
export function readSignInError(hash: string): string | undefined {
  return new URLSearchParams(hash.replace(/^#/, '')).get('sign-in') ?? undefined;
}
