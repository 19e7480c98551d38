import { useState } from 'preact/hooks';
import { REPORT_NAMES, type ReportGroup, reportOf } from '../../contract/report.ts';
import { Icon } from '../parts/icon.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { PeriodForm } from './period-form.tsx';
import { printPage } from './print-page.ts';
import { ReportSection } from './report-section.tsx';
import { lastDays, type Period } from './reports-client.ts';
import '../styles/table.css';
import './reports.css';

const GROUPS: readonly ReportGroup[] = ['traffic', 'recognition', 'alerts', 'plates', 'storage'];
const FIRST_DAYS = 30;

/** What was read, how well, what came of it and what it takes: questions over days, as charts and tables. */
export function ReportsScreen() {
  const { t, zone } = useWords();
  const { may } = useServices();
  const [group, setGroup] = useState<ReportGroup>('traffic');
  const [period, setPeriod] = useState<Period>(() => ({ ...lastDays(FIRST_DAYS, zone), place: '' }));
  const namesOf = (of: ReportGroup) =>
    REPORT_NAMES.filter((name) => reportOf(name).group === of && may(reportOf(name).permission));
  return (
    <main class="screen reports" id="content">
      <header class="screen-head">
        <h1>{t.frame.names.reports}</h1>
        <button type="button" class="button" onClick={() => void printPage()}>
          <Icon name="print" /> {t.review.print}
        </button>
      </header>
      <PeriodForm period={period} onPeriod={setPeriod} />
      <div class="views">
        {GROUPS.filter((of) => namesOf(of).length > 0).map((of) => (
          <button key={of} type="button" aria-pressed={of === group} onClick={() => setGroup(of)}>
            {t.reports.groups[of]}
          </button>
        ))}
      </div>
      {namesOf(group).map((name) => (
        <ReportSection key={name} name={name} period={period} />
      ))}
    </main>
  );
}
