import type { ComponentType } from 'preact';
import { useState } from 'preact/hooks';
import { useAnswer } from '../data/answer.ts';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../speech.tsx';
import { Alarms } from './alarms.tsx';
import { type AuditFilter, addressOfExport, fetchAlarms } from './audit-client.ts';
import { AuditForm } from './audit-form.tsx';
import { Chain } from './chain.tsx';
import { Entries } from './entries.tsx';
import { Summary } from './summary.tsx';
import '../styles/table.css';
import '../styles/audit.css';

const VIEWS = { entries: Entries, summary: Summary, alarms: Alarms, chain: Chain } as const satisfies Readonly<
  Record<string, ComponentType<{ filter: AuditFilter }>>
>;

type View = keyof typeof VIEWS;

/** Who did what and why; where somebody should be asked about it; and whether the log is whole. */
export function AuditScreen() {
  const { t, zone, number } = useWords();
  const [view, setView] = useState<View>('entries');
  const [filter, setFilter] = useState<AuditFilter>({});
  const open = useAnswer('alarms', (signal) => fetchAlarms('open', signal)).value?.open ?? 0;
  const Shown = VIEWS[view];
  return (
    <main class="screen audit" id="content">
      <header class="screen-head">
        <h1>{t.frame.names.audit}</h1>
        <a class="button" href={addressOfExport(filter, zone)} download="audit.ndjson">
          <Icon name="download" /> {t.audit.export}
        </a>
      </header>
      <div class="views">
        {(Object.keys(VIEWS) as View[]).map((name) => (
          <button key={name} type="button" aria-pressed={name === view} onClick={() => setView(name)}>
            {t.audit.views[name]}
            {name === 'alarms' && open > 0 && <span class="chip chip-bad">{number(open)}</span>}
          </button>
        ))}
      </div>
      {(view === 'entries' || view === 'summary') && (
        <AuditForm filter={filter} isWhole={view === 'entries'} onFilter={setFilter} />
      )}
      <Shown filter={filter} />
    </main>
  );
}
