import { AlprError } from '../base/errors.ts';
import type { Subject } from '../contract/api/privacy.ts';
import { normalizePlate, spellPlate } from '../contract/plate-text.ts';
import type { Sql } from '../db/sql.ts';
import { findTraces } from './find-traces.ts';

/** Shorter plates stand by chance in any sentence, so that they count only as a word of their own. */
const MIN_CHARS = 4;

/** The reason of an erasure stays for ever in its report, the ledger and the audit: INPUT_INVALID if it names the plate. */
export async function requireNamelessReason(sql: Sql, subject: Subject, reason: string): Promise<void> {
  const texts = 'plate' in subject ? [subject.plate] : await readTexts(sql, subject.event);
  const words = spellPlate(reason).split(/[^\p{L}\p{N}]+/u);
  const whole = normalizePlate(reason);
  const names = (text: string) => words.includes(text) || (text.length >= MIN_CHARS && whole.includes(text));
  if (!texts.some((text) => text !== '' && names(text))) return;
  throw new AlprError(
    'INPUT_INVALID',
    'Expected a reason without the plate, got one that names it: the reason stays in the report, the ledger and the audit; refer to a case instead',
  );
}

async function readTexts(sql: Sql, event: string): Promise<readonly string[]> {
  return (await findTraces({ sql, plate: null, ids: [event], texts: [] })).texts;
}
