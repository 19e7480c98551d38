import { AlprError } from '../base/errors.ts';
import type { AuditConfig } from './config.ts';

/** What somebody says that a request is for. */
export type Said = Readonly<{ purpose: string | undefined; caseNumber: string | undefined }>;

type Rules = Pick<AuditConfig, 'purposes' | 'require_purpose' | 'case_number' | 'require_case_number'>;

const LONGEST = 64;
/** Blanks and marks alone say nothing. */
const SAYS = /[\p{L}\p{N}]/u;

/** Throws PURPOSE_REQUIRED, with what is allowed, unless the configuration lets this purpose and case number through. */
export function checkPurpose(rules: Rules, { purpose, caseNumber }: Said): void {
  const { purposes } = rules;
  const allowed = purposes.length > 0 ? `one of: ${purposes.join(', ')}` : `up to ${LONGEST} characters`;
  const pattern = rules.case_number === null ? `up to ${LONGEST} characters` : `such as ${rules.case_number} describes`;
  if (purpose === undefined && rules.require_purpose) refuse(`Expected a purpose (X-Purpose), ${allowed}; got none`);
  if (caseNumber === undefined && rules.require_case_number) {
    refuse(`Expected a case number (X-Case-Number), ${pattern}; got none`);
  }
  if (purpose !== undefined && !isPurpose(rules, purpose))
    refuse(`Expected a purpose (X-Purpose), ${allowed}; got another`);
  if (caseNumber !== undefined && !isCase(rules, caseNumber)) {
    refuse(`Expected a case number (X-Case-Number), ${pattern}; got another`);
  }
}

/** Whether what was said may be kept; to say nothing may be, too. */
export function isAllowed(rules: Rules, { purpose, caseNumber }: Said): boolean {
  return (
    (purpose === undefined || isPurpose(rules, purpose)) && (caseNumber === undefined || isCase(rules, caseNumber))
  );
}

function isPurpose({ purposes }: Rules, purpose: string): boolean {
  return purposes.length > 0 ? purposes.includes(purpose) : purpose.length <= LONGEST && SAYS.test(purpose);
}

function isCase({ case_number }: Rules, caseNumber: string): boolean {
  if (caseNumber.length > LONGEST || !SAYS.test(caseNumber)) return false;
  return case_number === null || new RegExp(`^(?:${case_number})$`, 'u').test(caseNumber);
}

function refuse(message: string): never {
  throw new AlprError('PURPOSE_REQUIRED', message);
}
