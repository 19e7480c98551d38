import { nameIn, type Words } from '../words.ts';
import { RequestError } from './request.ts';

/** The API names a value that does not fit: `The value of from in the query does not fit: …`. */
const MISFIT = /^The (?:value of (\w*).*? in the )?(?:query|address) does not fit: /;

/**
 * An error in words for people, and the code of the API. A conflict is told in the server's sentence, which alone knows with
 * what; `again` tells whether the same request may succeed later.
 */
export function explainError(
  error: unknown,
  { t }: Words,
): Readonly<{ code: string; message: string; again: boolean }> {
  if (!(error instanceof RequestError)) {
    return { code: 'PAGE', message: error instanceof Error ? error.message : String(error), again: true };
  }
  const { code, message } = error;
  const [isMisfit, field = ''] = MISFIT.exec(message) ?? [];
  const [, status] = /^HTTP_(\d+)$/.exec(code) ?? [];
  const misfit = isMisfit === undefined ? undefined : (nameIn(t.errors.misfits, field) ?? t.errors.misfit);
  const known = nameIn(t.errors.codes, code) ?? (status && t.errors.answered(status, message));
  return { code, message: misfit ?? known ?? message, again: code !== 'INPUT_INVALID' && code !== 'NOT_FOUND' };
}
