import { useState } from 'preact/hooks';
import type { RetentionReport } from '../../contract/api/privacy.ts';
import { Fact } from '../parts/facts.tsx';
import { useAction } from '../parts/form.tsx';
import { Problem } from '../parts/notice.tsx';
import { useWords } from '../speech.tsx';
import { PlaceTable } from './place-table.tsx';
import { fetchRetention } from './privacy-client.ts';
import { Working } from './working.tsx';

/** What would be removed now because it is old enough; nothing is removed by looking. */
export function RetentionPanel() {
  const { t } = useWords();
  const [report, setReport] = useState<RetentionReport>();
  const { busy, error, run } = useAction(async () => setReport(await fetchRetention()));
  return (
    <section class="panel" aria-labelledby="retention">
      <h2 id="retention">{t.privacy.retention}</h2>
      <p class="quiet">{t.privacy.retentionMeans}</p>
      <button type="button" class="button" disabled={busy} onClick={run}>
        {t.privacy.tryRetention}
      </button>
      {busy && <Working />}
      {error !== undefined && <Problem error={error} />}
      {report && <Report report={report} />}
    </section>
  );
}

function Report({ report }: { report: RetentionReport }) {
  const { t, countOf, minute } = useWords();
  const { days, held, places } = report;
  const tell = (count: number | null, never: string) => (count === null ? never : countOf(count, t.plates.days));
  return (
    <div class="privacy-report" role="status">
      <dl class="fact-list">
        <Fact name={t.privacy.keep.events}>{tell(days.events, t.privacy.forEver)}</Fact>
        <Fact name={t.privacy.keep.pictures}>{tell(days.pictures, t.privacy.forEver)}</Fact>
        <Fact name={t.privacy.keep.pseudonyms}>{tell(days.pseudonyms, t.privacy.never)}</Fact>
        <Fact name={t.privacy.keep.hit}>{tell(days.hit, t.privacy.asOthers)}</Fact>
        <Fact name={t.privacy.keep.hold}>{tell(days.hold, t.privacy.untilEnded)}</Fact>
        <Fact name={t.privacy.keep.case}>{tell(days.case, t.privacy.untilEnded)}</Fact>
        <Fact name={t.privacy.held}>{countOf(held, t.frame.reads)}</Fact>
      </dl>
      <PlaceTable
        label={t.privacy.retention}
        places={places}
        extra={{ heading: t.privacy.before, tell: ({ before }) => (before === null ? '–' : minute(before)) }}
      />
    </div>
  );
}
