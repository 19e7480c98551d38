import { loadConfig } from '../../src/app/config.ts';
import { openPrivacy } from '../../src/app/open-privacy.ts';
import type { Audit } from '../../src/audit/open-audit.ts';
import type { Log } from '../../src/base/log.ts';
import type { Sql } from '../../src/db/sql.ts';
import type { Images } from '../../src/images/images.ts';
import type { Privacy } from '../../src/privacy/privacy.ts';
import { createDeadLetterTable } from '../../src/store/dead-letters.ts';

type Given = Readonly<{ sql: Sql; images: Images; audit: Audit; folder: string; log: Log }>;

/** Privacy over a bench's database and pictures, as the API is given it. */
export function openBenchPrivacy({ sql, images, audit, folder, log }: Given): Promise<Privacy> {
  const config = loadConfig({ environment: {}, settings: [`data=${folder}`] });
  const deadLetters = createDeadLetterTable(sql);
  const given = { sql, images, deadLetters, auditKeys: audit.keys, index: undefined, log };
  return openPrivacy({ ...given, config, division: 'native' });
}
