import { useCell } from '../data/cell.ts';
import { usePages } from '../data/pages.ts';
import { useOwnWords } from '../own-words.ts';
import { ListExport } from '../parts/export-buttons.tsx';
import { nameCamera } from '../parts/name-camera.ts';
import { Empty, Problem, Skeleton } from '../parts/notice.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { nameIn, spellOut } from '../words.ts';
import { type AuditFilter, addressOfEntries, fetchEntries } from './audit-client.ts';
import { type FoldedEntry, foldEntries } from './fold-entries.ts';
import { loadOperations } from './load-operations.ts';

/** What was done, newest first. */
export function Entries({ filter }: { filter: AuditFilter }) {
  const { t, zone } = useWords();
  const operations = useOwnWords(loadOperations) ?? {};
  const key = JSON.stringify([filter, zone]);
  const { pages, error, loading, isLast, more } = usePages(key, (cursor) => fetchEntries(filter, zone, cursor));
  const entries = pages.flatMap((page) => page.entries);
  if (pages.length === 0)
    return error === undefined ? <Skeleton rows={6} kind="row" /> : <Problem error={error} retry={more} />;
  if (entries.length === 0) return <Empty icon="audit" title={t.audit.none} />;
  return (
    <>
      <ListExport list={{ path: addressOfEntries(filter, zone), rows: 'entries' }} />
      <table class="table panel">
        <thead>
          <tr>
            <th scope="col">{t.audit.when}</th>
            <th scope="col">{t.audit.person}</th>
            <th scope="col">{t.audit.action}</th>
            <th scope="col">{t.audit.about}</th>
            <th scope="col">{t.purpose.purpose}</th>
            <th scope="col">{t.audit.results}</th>
          </tr>
        </thead>
        <tbody>
          {foldEntries(entries).map((entry) => (
            <EntryRow key={entry.number} entry={entry} operations={operations} />
          ))}
        </tbody>
      </table>
      {error !== undefined && <Problem error={error} retry={more} />}
      {!isLast && (
        <button type="button" class="button button-wide" disabled={loading} onClick={more}>
          {loading ? t.search.lookingFurther : t.search.showMore}
        </button>
      )}
    </>
  );
}

type RowOptions = Readonly<{ entry: FoldedEntry; operations: Readonly<Record<string, string>> }>;

function EntryRow({ entry, operations }: RowOptions) {
  const { t, minute, moment, number, countOf, localTimes } = useWords();
  const cameras = useCell(useServices().feed.cameras);
  const describe = (name: string, value: unknown): string => {
    if (typeof value === 'object' && value !== null) return JSON.stringify(value);
    if (name === 'camera') return nameCamera(String(value), cameras);
    return localTimes(String(value));
  };
  const describeResults = ({ pictures, results }: FoldedEntry) => {
    if (pictures > 1) return countOf(pictures, t.audit.pictures);
    return results === null ? '–' : number(results);
  };
  const action = t.audit.actions[entry.action];
  const operation = nameIn(operations, entry.operation) ?? entry.operation;
  const plates = entry.plates.map((plate) => plate ?? t.audit.erased);
  const asked = Object.entries(entry.query).filter(([name]) => name !== 'change');
  const query = asked.map(([name, value]) => `${spellOut(name)}: ${describe(name, value)}`);
  return (
    <tr class={entry.action === 'refuse' ? 'entry-refused' : ''}>
      <td data-name={t.audit.when}>
        <time dateTime={entry.at} title={moment(entry.at)}>
          {minute(entry.at)}
        </time>
        <span class="quiet"> {t.audit.number(number(entry.number))}</span>
      </td>
      <td data-name={t.audit.person}>
        {entry.who?.name ?? t.audit.nobody} <span class="quiet">{entry.from}</span>
      </td>
      <td data-name={t.audit.action}>
        {action} {operation !== action && <span class="quiet">{operation}</span>}
      </td>
      <td data-name={t.audit.about}>
        {plates.length > 0 && <b class="audit-plates">{plates.join(', ')}</b>}
        <span class="quiet">{query.join('; ')}</span>
      </td>
      <td data-name={t.purpose.purpose}>{[entry.purpose, entry.case_number].filter(Boolean).join(', ') || '–'}</td>
      <td data-name={t.audit.results}>{describeResults(entry)}</td>
    </tr>
  );
}
