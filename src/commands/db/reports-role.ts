import type { Config } from '../../app/config.ts';
import { openCommandAudit } from '../../app/open-command-audit.ts';
import { AlprError } from '../../base/errors.ts';
import { grantReports, REPORTS_ROLE, removeReportsRole } from '../../store/reports/role.ts';
import { readSecrets } from '../options.ts';

export type ReportsRoleFlags = Readonly<{ secrets?: string; withoutPlates?: boolean; remove?: boolean }>;

/** Creates, changes or removes the role of reports; the audit has an entry. */
export async function changeReportsRole(config: Config, flags: ReportsRoleFlags): Promise<void> {
  const { secrets, withoutPlates = false, remove = false } = flags;
  if (!remove && secrets === undefined) {
    throw new AlprError(
      'INPUT_INVALID',
      'Expected --secrets FILE with the line REPORTS_DATABASE_PASSWORD=…, or --remove',
    );
  }
  const password = secrets && (await readSecrets(secrets, ['REPORTS_DATABASE_PASSWORD'])).REPORTS_DATABASE_PASSWORD;
  await using database = await openCommandAudit(config);
  const query = remove ? { remove } : { plates: !withoutPlates };
  await database.record({ action: 'change', operation: 'db reports-role', query });
  if (remove || password === undefined) {
    print((await removeReportsRole(database.sql)) ? `${REPORTS_ROLE} is removed` : `There is no ${REPORTS_ROLE}`);
    return;
  }
  await grantReports(database.sql, { password, withPlates: !withoutPlates });
  print(`${REPORTS_ROLE} reads reports ${withoutPlates ? 'without' : 'with'} plates`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
