import type { Role, Scope } from '../../contract/access.ts';
import type { Invited, Person, PersonChange } from '../../contract/api/people.ts';
import { request } from '../data/request.ts';

export function fetchPeople(signal: AbortSignal): Promise<Readonly<{ people: readonly Person[] }>> {
  return request('/people', { signal });
}

/** The answer has the link by which they choose their password. */
export function addPerson(
  given: Readonly<{ name: string; role: Role; scope: NonNullable<Scope> | null }>,
): Promise<Invited> {
  return request('/people', { method: 'POST', body: given });
}

export function changePerson(id: string, change: PersonChange): Promise<Person> {
  return request(`/people/${id}`, { method: 'PATCH', body: change });
}

/** Takes the password and all sessions away; the answer has the link to a new one. */
export function resetPerson(id: string, given: Readonly<{ second_factor: boolean }>): Promise<Invited> {
  return request(`/people/${id}/reset`, { method: 'POST', body: given });
}
