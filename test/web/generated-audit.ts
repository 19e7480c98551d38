import type { AuditAlarm, AuditState, AuditSummary, ShownAuditEntry } from '../../src/contract/api/audit.ts';
import type { Person } from '../../src/contract/api/people.ts';
import type { Token } from '../../src/contract/api/tokens.ts';

const HOUR_MS = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR_MS).toISOString();
const idOf = (number: number) => `0199cccc-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** People with accounts, in the shapes of the real API. */
export function createPeople(self: string): Person[] {
  const common = { has_password: true, second_factor: false, created_at: ago(2000), disabled_at: null, scope: null };
  return [
    { ...common, id: self, name: 'ada', role: 'admin', second_factor: true, last_used_at: ago(0.1) },
    { ...common, id: idOf(2), name: 'grace', role: 'auditor', last_used_at: ago(31) },
    {
      ...common,
      id: idOf(3),
      name: 'joan',
      role: 'operator',
      scope: { cameras: ['gate'], sites: ['harbour'] },
      last_used_at: null,
    },
    { ...common, id: idOf(4), name: 'konrad', role: 'viewer', last_used_at: ago(900), disabled_at: ago(300) },
  ];
}

/** Tokens of programs: one in use, one that is over. */
export function createTokens(): Token[] {
  const common = { created_by: 'ada', former_until: null, revoked_at: null };
  return [
    {
      ...common,
      id: idOf(11),
      name: 'parking ledger',
      permissions: ['events:read', 'search'],
      scope: { cameras: [], sites: ['harbour'] },
      created_at: ago(500),
      expires_at: ago(-1600),
      last_used_at: ago(0.2),
    },
    {
      ...common,
      id: idOf(12),
      name: 'old exporter',
      permissions: ['export'],
      scope: null,
      created_at: ago(5000),
      expires_at: null,
      last_used_at: null,
      revoked_at: ago(100),
      created_by: null,
    },
  ];
}

/** Entries of the log, newest first. */
export function createEntries(): ShownAuditEntry[] {
  const who = { kind: 'person', id: idOf(3), name: 'joan' } as const;
  const common = { who, from: '192.0.2.17', status: 200, purpose: 'theft', case_number: 'A-2026/118', plates: [] };
  return Array.from({ length: 60 }, (_, index): ShownAuditEntry => {
    const [number, at] = [160 - index, ago(index * 0.7)];
    if (index % 7 === 3) {
      return {
        ...common,
        number,
        at,
        action: 'refuse',
        operation: 'listPeople',
        status: 403,
        purpose: null,
        case_number: null,
        query: {},
        results: null,
      };
    }
    if (index % 5 === 1) {
      return { ...common, number, at, action: 'view', operation: 'getEvent', query: {}, plates: [null], results: 1 };
    }
    return {
      ...common,
      number,
      at,
      action: 'search',
      operation: 'searchEvents',
      query: { camera: 'gate', mode: 'auto' },
      plates: ['AB8X1C9'],
      results: 4,
    };
  });
}

/** One alarm that is open, and one that was looked into. */
export function createAlarms(): AuditAlarm[] {
  const common = { who: { kind: 'person', id: idOf(3), name: 'joan' } as const, first_at: ago(20), last_at: ago(2) };
  return [
    {
      ...common,
      id: idOf(21),
      kind: 'same-plate',
      plate: 'AB8X1C9',
      times: 14,
      last_number: 160,
      message: 'joan searched for one plate 14 times within 24 hours; 5 are expected at most.',
      seen_at: null,
      seen_by: null,
      note: null,
    },
    {
      ...common,
      id: idOf(22),
      kind: 'off-duty',
      plate: null,
      times: 3,
      last_number: 90,
      message: 'joan searched 3 times outside 06:00–20:00.',
      seen_at: ago(1),
      seen_by: 'grace',
      note: 'Night shift.',
    },
  ];
}

/** What was done, by person, purpose and day. */
export function createSummary(): AuditSummary {
  const counts = { views: 12, pictures: 40, exports: 1, exported_rows: 250, changes: 0, refusals: 2, others: 0 };
  return {
    time_zone: 'Europe/Berlin',
    rows: [
      {
        day: '2026-11-30',
        who: { kind: 'person', id: idOf(3), name: 'joan' },
        purpose: 'theft',
        searches: 31,
        ...counts,
      },
      { day: '2026-11-30', who: null, purpose: null, searches: 0, ...counts, views: 0, pictures: 0, exports: 0 },
    ],
  };
}

/** A log that is whole. */
export function createState(): AuditState {
  const fingerprint = 'SHA256:q8Jx0m4rVZ1vE2tXw3bLkYc5uD7hA9sNfP6iGjKeR0o';
  return {
    entries: 160,
    first_number: 1,
    last_number: 160,
    last_hash: '9f2c64b0f4d1a07be5c8832e1d5ab0c96471f3eab0d2479c0f6f0a5b7b3e8d11',
    checkpoint: { number: 150, at: ago(0.1), hash: '51bb0c', fingerprint },
    verified_until: ago(0.05),
    fault: null,
    keys: [{ fingerprint, public_key: '-----BEGIN PUBLIC KEY-----', since: ago(3000) }],
    keep_days: 730,
  };
}
