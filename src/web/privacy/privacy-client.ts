import type {
  ErasureList,
  ErasureReport,
  Hold,
  Inventory,
  RetentionReport,
  Subject,
} from '../../contract/api/privacy.ts';
import { request } from '../data/request.ts';

/** What is in every place. */
export function fetchInventory(signal?: AbortSignal): Promise<Inventory> {
  return request('/privacy/inventory', { signal });
}

/** What retention would remove now. */
export function fetchRetention(): Promise<RetentionReport> {
  return request('/privacy/retention');
}

/** Where the holds are that are in force, or have ended. */
export function addressOfHolds(ended: boolean): string {
  return `/privacy/holds?ended=${ended}`;
}

export function fetchHolds(ended: boolean, signal?: AbortSignal): Promise<Readonly<{ holds: readonly Hold[] }>> {
  return request(addressOfHolds(ended), { signal });
}

/** A hold as it is typed in. */
export type NewHold = Readonly<{
  subject: Subject;
  class: 'hold' | 'case';
  reason: string;
  case_number: string | null;
  until: string | null;
}>;

export function addHold(hold: NewHold): Promise<Hold> {
  return request('/privacy/holds', { method: 'POST', body: hold });
}

export function endHold(id: string): Promise<unknown> {
  return request(`/privacy/holds/${id}/end`, { method: 'POST' });
}

type Erasure = Readonly<{ subject: Subject; reason: string; dry_run: boolean; scrub: boolean }>;

/** Erases, or with `dry_run` says what would be erased. */
export async function erase(erasure: Erasure): Promise<ErasureReport> {
  const { report } = await request<Readonly<{ report: ErasureReport }>>('/privacy/erasures', {
    method: 'POST',
    body: erasure,
  });
  return report;
}

/** What was erased, the newest first. */
export function fetchErasures(cursor: string | null): Promise<ErasureList> {
  return request(`/privacy/erasures?limit=20${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
}

/** Where the signed report of an erasure is. */
export function addressOfReport(id: string): string {
  return `/privacy/erasures/${id}`;
}

/** Where everything on a plate is, as a zip; `lookUps` adds who looked it up. */
export function addressOfSubject(plate: string, lookUps: boolean): string {
  return `/privacy/subject-access?plate=${encodeURIComponent(plate)}${lookUps ? '&look_ups=true' : ''}`;
}
