import type { Log } from '../base/log.ts';
import type { RetentionReport } from '../contract/api/privacy.ts';
import type { Sql } from '../db/sql.ts';
import type { SigningKey } from '../identity/signing-key.ts';
import type { Ledger } from './ledger.ts';
import type { Place, Traces } from './place.ts';

/** After how many days something goes; null for never. */
export type RetentionDays = RetentionReport['days'];

/** What privacy works on. */
export type PrivacyParts = Readonly<{
  sql: Sql;
  /** Every place where a plate lives. They are erased from the last to the first. */
  places: readonly Place[];
  ledger: Ledger;
  key: SigningKey;
  days: RetentionDays;
  /** How long backups are kept; null where nobody said so. */
  backupDays: number | null;
  /** The pseudonyms that a plate may have become, as long as their keys are there. */
  pseudonymsOf: (plate: string) => Promise<readonly string[]>;
  /** Rewrites what holds freed bytes of an erasure; resolves to sentences on what could not be rewritten. */
  scrub: (traces: Traces) => Promise<readonly string[]>;
  /** Is told of each new hold: what it keeps may be about to go. */
  onHold: () => void;
  now: () => Date;
  log: Log;
}>;
