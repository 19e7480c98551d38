import type { LogTailAnswer, ServiceStatusAnswer, SystemAnswer } from '../../contract/api/system.ts';
import { request } from '../data/request.ts';

export type LogLevel = LogTailAnswer['lines'][number]['level'];

/** `GET /system`. */
export function fetchSystem(signal?: AbortSignal): Promise<SystemAnswer> {
  return request('/system', { signal });
}

/** Starts, stops or restarts a service; resolves when that is done. */
export function changeService(service: string, action: 'start' | 'stop' | 'restart'): Promise<ServiceStatusAnswer> {
  return request(`/system/services/${service}/${action}`, { method: 'POST', body: {} });
}

/** Lines of the log after the one of a number. */
export function fetchLog(
  { level, contains, after }: Readonly<{ level: LogLevel; contains: string; after: number }>,
  signal?: AbortSignal,
): Promise<LogTailAnswer> {
  const text = contains === '' ? '' : `&contains=${encodeURIComponent(contains)}`;
  return request(`/system/log?level=${level}&after=${after}${text}`, { signal });
}
