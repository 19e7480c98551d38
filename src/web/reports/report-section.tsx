import type { ReportAnswer } from '../../contract/api/reports.ts';
import { type ReportName, reportOf } from '../../contract/report.ts';
import { useAnswer } from '../data/answer.ts';
import { formatCsv } from '../data/list-file.ts';
import { DownloadButton } from '../parts/download.tsx';
import { Problem, Skeleton } from '../parts/notice.tsx';
import { useWords } from '../speech.tsx';
import { ReportCharts } from './report-charts.tsx';
import { ReportTable } from './report-table.tsx';
import { fetchReport, type Period } from './reports-client.ts';

/** One question with its answer, which can be taken away as CSV. */
export function ReportSection({ name, period }: { name: ReportName; period: Period }) {
  const { t, zone } = useWords();
  const { value, error, retry } = useAnswer(`${name} ${JSON.stringify(period)} ${zone}`, (signal) =>
    fetchReport(name, period, zone, signal),
  );
  return (
    <section class="panel report" aria-labelledby={name}>
      <header>
        <h2 id={name}>{t.reports.titles[name]}</h2>
        {value && value.rows.length > 0 && (
          <DownloadButton label={t.files.csv} load={async () => makeFile(name, period, value.rows)} />
        )}
      </header>
      <p class="quiet">{t.reports.about[name]}</p>
      {error !== undefined && <Problem error={error} retry={retry} />}
      {value === undefined && error === undefined && <Skeleton rows={3} kind="row" />}
      {value?.rows.length === 0 && <p>{t.reports.nothing}</p>}
      {value && value.rows.length > 0 && <Answer name={name} period={period} rows={value.rows} />}
    </section>
  );
}

function Answer(props: { name: ReportName; period: Period; rows: ReportAnswer['rows'] }) {
  return reportOf(props.name).charts ? <ReportCharts {...props} /> : <ReportTable {...props} />;
}

function makeFile(name: ReportName, { from, to }: Period, rows: ReportAnswer['rows']) {
  return { name: `${name}-${from}-${to}.csv`, blob: new Blob([formatCsv(rows)], { type: 'text/csv' }) };
}
