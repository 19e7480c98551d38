import type { CameraWish, ManagedList, TriedCamera } from '../../contract/api/camera-settings.ts';
import { request } from '../data/request.ts';

const PATH = '/cameras/settings';

export function fetchManaged(signal: AbortSignal): Promise<ManagedList> {
  return request(PATH, { signal });
}

export function addCamera(wish: CameraWish): Promise<object> {
  return request(PATH, { method: 'POST', body: wish });
}

export function changeCamera(id: string, wish: CameraWish): Promise<object> {
  return request(`${PATH}/${id}`, { method: 'PUT', body: wish });
}

/** Lets a camera rest, or go on. */
export function switchCamera(id: string, to: 'pause' | 'resume'): Promise<object> {
  return request(`${PATH}/${id}/${to}`, { method: 'POST' });
}

export function removeCamera(id: string): Promise<object> {
  return request(`${PATH}/${id}`, { method: 'DELETE' });
}

/** Answers once the edge has looked at the camera for some seconds. */
export function tryCamera(wish: CameraWish): Promise<TriedCamera> {
  return request(`${PATH}/try`, { method: 'POST', body: wish });
}
