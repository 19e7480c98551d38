import type { QualityDetail, QualityList } from '../../contract/api/camera-quality.ts';
import { request } from '../data/request.ts';

/** `GET /cameras/quality`: every camera over the last 24 hours. */
export function fetchHealthOfAll(signal: AbortSignal): Promise<QualityList> {
  return request('/cameras/quality', { signal });
}

/** `GET /cameras/{id}/quality` over so many hours. */
export function fetchHealthOf(id: string, hours: number, signal: AbortSignal): Promise<QualityDetail> {
  return request(`/cameras/${encodeURIComponent(id)}/quality?hours=${hours}`, { signal });
}
