import { useAnswer } from '../data/answer.ts';
import { ListExport } from '../parts/export-buttons.tsx';
import { Empty, Problem, Skeleton } from '../parts/notice.tsx';
import { useWords } from '../speech.tsx';
import { type AuditFilter, addressOfSummary, fetchSummary } from './audit-client.ts';

const COUNTS = ['searches', 'views', 'pictures', 'exports', 'exported_rows', 'changes', 'refusals'] as const;

/** What each person did for each purpose on each day. */
export function Summary({ filter }: { filter: AuditFilter }) {
  const { t, zone, number } = useWords();
  const { from = '', to = '' } = filter;
  const { value, error, retry } = useAnswer(`summary ${from} ${to}`, (signal) => fetchSummary(filter, zone, signal));
  if (error !== undefined) return <Problem error={error} retry={retry} />;
  if (value === undefined) return <Skeleton rows={6} kind="row" />;
  if (value.rows.length === 0) return <Empty icon="audit" title={t.audit.none} />;
  return (
    <>
      <ListExport list={{ path: addressOfSummary(filter, zone), rows: 'rows' }} />
      <table class="table panel table-counts">
        <thead>
          <tr>
            <th scope="col">{t.audit.day}</th>
            <th scope="col">{t.audit.person}</th>
            <th scope="col">{t.purpose.purpose}</th>
            {COUNTS.map((count) => (
              <th key={count} scope="col">
                {t.audit.counts[count]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {value.rows.map((row) => (
            <tr key={`${row.day} ${row.who?.id ?? ''} ${row.purpose ?? ''}`}>
              <td data-name={t.audit.day}>{row.day}</td>
              <th scope="row">{row.who?.name ?? t.audit.nobody}</th>
              <td data-name={t.purpose.purpose}>{row.purpose ?? '–'}</td>
              {COUNTS.map((count) => (
                <td key={count} data-name={t.audit.counts[count]} class={row[count] === 0 ? 'quiet' : ''}>
                  {number(row[count])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
