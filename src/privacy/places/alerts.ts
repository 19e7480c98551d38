import type { Sql } from '../../db/sql.ts';
import { countAlertsOf, countOldAlerts, deleteAlertsOf, measureAlerts } from '../../store/privacy/alerts.ts';
import { NOTHING, type Place, type Traces } from '../place.ts';

type AlertsOptions = Readonly<{ sql: Sql; cutoff: (now: Date) => Date | undefined }>;

/** Alerts of passages, what went out of them, and plates that people muted. */
export function openAlertsPlace({ sql, cutoff }: AlertsOptions): Place {
  const of = ({ ids, plate }: Traces) => ({ ids, plates: plate === null ? [] : [plate] });
  return {
    name: 'alerts',
    what: 'rows',
    note: 'What was sent stays with whoever got it; entries of lists and rules that name a plate stay until somebody changes them',
    measure: () => measureAlerts(sql),
    find: (traces) => countAlertsOf(sql, of(traces)),
    erase: (traces) => deleteAlertsOf(sql, of(traces)),
    expired: async (now) => {
      const before = cutoff(now);
      return before ? { ...(await countOldAlerts(sql, before)), before } : { ...NOTHING, before };
    },
  };
}
