import { RequestError } from './client.ts';

/** The API names a value that does not fit by its place: `At querystring/from: Invalid ISO datetime`. */
const MISFIT = /^At (?:params|querystring)\/?(\w*)[^:]*: /;

/** What may be wrong with the values that addresses of the page have. */
const MISFITS: Readonly<Record<string, string>> = {
  id: 'There is no read with this address.',
  text: 'This plate has no letters or digits to search for.',
  q: 'A search takes 1 to 64 letters and digits, and ? and * in their place.',
  mode: 'There is no such way of searching. Choose one from the list.',
  camera: 'The camera in the address cannot be one. Choose one from the list.',
  from: 'The time at “From” cannot be one. Choose it again.',
  to: 'The time at “To” cannot be one. Choose it again.',
  min_confidence: 'The least confidence has to be from 0 to 1. Choose one from the list.',
  cursor: 'This list has changed. Load the page again.',
};

/** An error in words for people, and the code of the API; `again` tells whether the same request may succeed later. */
export function explainError(error: unknown): Readonly<{ code: string; message: string; again: boolean }> {
  if (!(error instanceof RequestError)) {
    return { code: 'PAGE', message: error instanceof Error ? error.message : String(error), again: true };
  }
  const { code, message } = error;
  const [, field] = MISFIT.exec(message) ?? [];
  const plain = field === undefined ? message : (MISFITS[field] ?? 'A value in the address does not fit.');
  return { code, message: plain, again: code !== 'INPUT_INVALID' && code !== 'NOT_FOUND' };
}
