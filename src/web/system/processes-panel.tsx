import '../styles/table.css';
import type { SystemAnswer, SystemProcess } from '../../contract/api/system.ts';
import { formatBytes } from '../bytes.ts';
import { Ago } from '../parts/time.tsx';
import { useWords } from '../speech.tsx';
import type { Words } from '../words.ts';

/** Every process that reports on the bus: who it is, and what waits at it. */
export function ProcessesPanel({ processes }: { processes: SystemAnswer['processes'] }) {
  const { t } = useWords();
  return (
    <section class="panel" aria-labelledby="processes">
      <h2 id="processes">{t.process.processes}</h2>
      {processes.length === 0 ? (
        <p class="quiet">{t.process.noProcesses}</p>
      ) : (
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{t.process.process}</th>
              <th scope="col">{t.system.version}</th>
              <th scope="col">{t.process.reported}</th>
              <th scope="col">{t.process.lag}</th>
              <th scope="col">{t.process.spool}</th>
              <th scope="col">{t.process.deadLetters}</th>
            </tr>
          </thead>
          <tbody>
            {processes.map((one) => (
              <Process key={`${one.service} ${one.site_id} ${one.instance}`} process={one} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Process({ process }: { process: SystemProcess }) {
  const words = useWords();
  const { t, number } = words;
  const { service, instance, site_id, version, reported_at, is_this, is_silent, lag, dead_letter_count, models } =
    process;
  return (
    <tr class={is_silent ? 'row-off' : ''} data-process={service}>
      <th scope="row">
        {service}{' '}
        <span class="quiet">
          {site_id}, {instance} {is_this && `(${t.process.thisOne})`}
        </span>
        {models.length > 0 && (
          <span class="quiet">{models.map(({ model, provider }) => `${model} (${provider})`).join(', ')}</span>
        )}
      </th>
      <td data-name={t.system.version}>{version ?? t.frame.unknown}</td>
      <td data-name={t.process.reported}>
        <span>
          <Ago at={reported_at} /> {is_silent && <span class="chip chip-bad">{t.process.silent}</span>}
        </span>
      </td>
      <td data-name={t.process.lag}>
        {lag.length === 0 ? '–' : lag.map(({ group, messages }) => `${group}: ${number(messages)}`).join(', ')}
      </td>
      <td data-name={t.process.spool}>{describeSpool(process, words)}</td>
      <td data-name={t.process.deadLetters}>{number(dead_letter_count)}</td>
    </tr>
  );
}

function describeSpool({ spool }: SystemProcess, words: Words): string {
  if (spool === null) return '–';
  const { entries, bytes, oldest_at } = spool;
  if (entries === 0) return words.t.frame.none;
  const size = words.t.process.waiting(words.number(entries), formatBytes(bytes, words));
  return oldest_at === null ? size : `${size}, ${words.away(Date.parse(oldest_at), Date.now())}`;
}
