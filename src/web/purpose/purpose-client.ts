import type { PurposeState } from '../../contract/api/audit.ts';
import { request } from '../data/request.ts';

/** What this session has said it looks plates up for, and what it must say. */
export function fetchPurpose(signal: AbortSignal): Promise<PurposeState> {
  return request('/auth/purpose', { signal });
}

/** Said once, it counts for this session: also for pictures and the live stream, which carry no headers. */
export function sayPurpose(given: Readonly<{ purpose: string; case_number: string | null }>): Promise<PurposeState> {
  return request('/auth/purpose', { method: 'POST', body: given });
}
