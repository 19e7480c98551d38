import { z } from 'zod';

/** What was done. A route names its own; what is refused is `refuse`. */
export const auditActionSchema = z.enum([
  'search',
  'view',
  'picture',
  'live',
  'export',
  'read',
  'change',
  'sign-in',
  'sign-out',
  'token',
  'audit',
  'refuse',
]);

export type AuditAction = z.infer<typeof auditActionSchema>;
