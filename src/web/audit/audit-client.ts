import type {
  AuditAlarm,
  AuditAlarms,
  AuditPage,
  AuditQuery,
  AuditState,
  AuditSummary,
} from '../../contract/api/audit.ts';
import { request } from '../data/request.ts';
import { toUtc } from '../zoned-time.ts';

/** What the form asks for; times are on the clock of the person. */
export type AuditFilter = Readonly<Partial<Record<Exclude<keyof AuditQuery, 'limit' | 'cursor'>, string>>>;

/** Where all these entries are. */
export function addressOfEntries(filter: AuditFilter, zone: string): string {
  const query = formatFilter(filter, zone);
  query.set('limit', '500');
  return `/audit?${query}`;
}

export function fetchEntries(filter: AuditFilter, zone: string, cursor: string | null): Promise<AuditPage> {
  const query = formatFilter(filter, zone);
  if (cursor !== null) query.set('cursor', cursor);
  query.set('limit', '50');
  return request(`/audit?${query}`);
}

/** Where it is counted what each person did for each purpose, by day. */
export function addressOfSummary({ from = '', to = '' }: AuditFilter, zone: string): string {
  return `/audit/summary?${formatFilter({ from, to }, zone)}`;
}

export function fetchSummary(filter: AuditFilter, zone: string, signal: AbortSignal): Promise<AuditSummary> {
  return request(addressOfSummary(filter, zone), { signal });
}

export function fetchAlarms(state: 'open' | 'all', signal: AbortSignal): Promise<AuditAlarms> {
  return request(`/audit/alarms?state=${state}&limit=100`, { signal });
}

/** Notes that somebody has looked into an alarm. */
export function settleAlarm(id: string, note: string): Promise<AuditAlarm> {
  return request(`/audit/alarms/${id}/seen`, { method: 'POST', body: note === '' ? {} : { note } });
}

export function fetchState(signal: AbortSignal): Promise<AuditState> {
  return request('/audit/state', { signal });
}

/** Address of the signed chain between two times; the other filters would break it. */
export function addressOfExport({ from = '', to = '' }: AuditFilter, zone: string): string {
  return `/audit/export?${formatFilter({ from, to }, zone)}`;
}

function formatFilter(filter: AuditFilter, zone: string): URLSearchParams {
  const set = Object.entries(filter).filter(([, value]) => value.trim() !== '');
  return new URLSearchParams(
    set.map(([name, value]) => [name, name === 'from' || name === 'to' ? toUtc(value, zone) : value.trim()]),
  );
}
