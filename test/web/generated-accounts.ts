import { PERMISSIONS, type Permission, type Role } from '../../src/contract/access.ts';
import type { ShownAuditEntry } from '../../src/contract/api/audit.ts';
import type { Me } from '../../src/contract/api/auth.ts';
import { ROLES } from '../../src/identity/roles.ts';
import {
  createAlarms,
  createEntries,
  createPeople,
  createState,
  createSummary,
  createTokens,
} from './generated-audit.ts';

type Who = NonNullable<Me['who']>;

/** What a request to the accounts sends. */
export type Sent = Readonly<{ method: string; path: string; body: Readonly<Record<string, unknown>> }>;

type SaidPurpose = Readonly<{ purpose: string; case_number: string | null }>;

type Answer = Readonly<{ status: number; body: object }>;

const PASSWORD = 'the gate is always open';
const ALL = Object.keys(PERMISSIONS) as Permission[];

/** Accounts in memory in the shapes of the real API: one person, who is signed in unless told otherwise. */
export class GeneratedAccounts {
  /** Null while nobody has signed in. */
  who: Who | null = createPerson('admin');
  /** False before the first account. */
  setUp = true;
  /** Whether signing in takes a code, too. */
  needsCode = false;
  /** Whether reads are shown only for a purpose. */
  needsPurpose = false;
  purpose: SaidPurpose | undefined;
  people = createPeople(createPerson('admin').id);
  /** Everything that was asked, oldest first. */
  readonly asked: Sent[] = [];

  /** Signs somebody in without asking. */
  become(role: Role): void {
    this.who = createPerson(role);
  }

  answer(sent: Sent): Answer {
    this.asked.push(sent);
    const { method, path, body } = sent;
    const isPublic = /^\/auth\/(me|ways|login|setup|setup\/check)$/.test(path);
    if (this.who === null && !isPublic) return refuse('SIGN_IN');
    switch (`${method} ${path}`) {
      case 'GET /auth/me':
        return ok({ who: this.who });
      case 'GET /auth/ways':
        return ok({ set_up: this.setUp, oidc: null, password_min: 12 });
      case 'POST /auth/login':
        return this.#signIn(body);
      case 'POST /auth/setup/check':
        return body.token === 'used' ? refuse('SIGN_IN_FAILED') : ok({});
      case 'POST /auth/setup':
        this.setUp = true;
        this.who = createPerson('admin');
        return ok({});
      case 'POST /auth/logout':
        this.who = null;
        return ok({});
      case 'PATCH /auth/me':
        if (this.who) this.who = { ...this.who, ...body };
        return ok({});
      case 'GET /auth/sessions':
        return ok({ sessions: SESSIONS });
      case 'POST /auth/totp':
        return ok({ secret: SECRET, url: `otpauth://totp/OVR-ALPR:ada?secret=${SECRET}&issuer=OVR-ALPR` });
      case 'POST /auth/totp/confirm':
        if (this.who) this.who = { ...this.who, second_factor: true };
        return ok({ recovery_codes: ['k4mw-93hs', 'p0xd-71fe', 'z8qa-55tn', 'b2ry-08lc'] });
      case 'GET /auth/purpose':
        return ok(this.#describePurpose());
      case 'POST /auth/purpose':
        this.purpose = body as SaidPurpose;
        return ok(this.#describePurpose());
      case 'GET /people':
        return ok({ people: this.people });
      case 'GET /tokens':
        return ok({ tokens: createTokens() });
      case 'GET /audit/state':
        return ok(createState());
      case 'POST /people': {
        const person = { ...this.people[2], ...body, id: '0199cccc-0000-4000-8000-000000000009' };
        return ok({ person, link: `/setup#token=one-time&name=${body.name}` });
      }
      case 'POST /tokens':
        return ok({ secret: 'alpr_c2VjcmV0LW9mLWEtdG9rZW4', token: { ...createTokens()[0], ...body } });
      default:
        return this.#answerFamily(method, path, body);
    }
  }

  #answerFamily(method: string, path: string, body: Sent['body']): Answer {
    const [address = '', query = ''] = path.split('?', 2);
    const [, family, id, last] = address.split('/');
    switch (`${method} ${family}`) {
      case 'GET audit':
        if (id === 'alarms') return ok({ alarms: createAlarms(), open: 1, next: null });
        if (id === 'summary') return ok(createSummary());
        return ok(pageOf(createEntries(), new URLSearchParams(query)));
      case 'POST audit':
        return ok({ ...createAlarms()[0], seen_at: new Date().toISOString() });
      case 'PATCH people': {
        const disabled = { disabled_at: body.disabled ? new Date().toISOString() : null };
        this.people = this.people.map((person) => (person.id === id ? { ...person, ...disabled } : person));
        return ok({});
      }
      case 'POST people':
        return ok({ person: this.people.find((person) => person.id === id), link: '/setup#token=again' });
      case 'POST tokens':
        return ok({ secret: `alpr_${last}d`, token: createTokens()[0] });
      case 'DELETE tokens':
      case 'DELETE auth':
        return ok({});
      default:
        return { status: 404, body: { code: 'NOT_FOUND', message: `There is no ${method} ${path}.` } };
    }
  }

  #describePurpose(): object {
    return {
      required: this.needsPurpose,
      case_number_required: true,
      purposes: ['theft', 'missing person'],
      case_number: '[A-Z]-\\d{4}/\\d+',
      current: this.purpose ?? null,
    };
  }

  #signIn({ name, password, code }: Sent['body']): Answer {
    if (name !== 'ada' || password !== PASSWORD) return refuse('SIGN_IN_FAILED');
    if (this.needsCode && code === undefined) return refuse('SECOND_FACTOR_REQUIRED');
    if (this.needsCode && code !== '123456') return refuse('SIGN_IN_FAILED');
    this.who = createPerson('admin');
    return ok({});
  }
}

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

const SESSIONS = [
  {
    id: '0199aaaa-0000-4000-8000-000000000001',
    kind: 'page',
    current: true,
    created_at: '2026-11-29T08:00:00.000Z',
    last_used_at: new Date().toISOString(),
    expires_at: '2026-12-14T08:00:00.000Z',
    address: '192.0.2.17',
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  },
  {
    id: '0199aaaa-0000-4000-8000-000000000002',
    kind: 'program',
    current: false,
    created_at: '2026-11-21T08:00:00.000Z',
    last_used_at: '2026-11-27T10:30:00.000Z',
    expires_at: '2026-12-05T08:00:00.000Z',
    address: '192.0.2.40',
    user_agent: 'gate-opener/2.1',
  },
];

function createPerson(role: Role): Who {
  return {
    kind: 'person',
    id: `0199bbbb-0000-4000-8000-00000000000${role.length}`,
    name: 'ada',
    role,
    permissions: role === 'admin' ? ALL : [...ROLES[role]],
    scope: null,
    language: null,
    time_zone: null,
    has_password: true,
    second_factor: false,
    must_add_second_factor: false,
  };
}

function ok(body: object): Answer {
  return { status: 200, body };
}

function refuse(code: string): Answer {
  return { status: 401, body: { code, message: `Refused: ${code}.` } };
}

function pageOf(entries: readonly ShownAuditEntry[], asked: URLSearchParams): object {
  const action = asked.get('action');
  const found = entries.filter((entry) => action === null || entry.action === action);
  const start = Number(asked.get('cursor') ?? 0);
  return { entries: found.slice(start, start + 50), next: found.length > start + 50 ? String(start + 50) : null };
}
