import { useState } from 'preact/hooks';
import type { ModelList, ShownVersion } from '../../contract/api/models.ts';
import type { ModelMessages } from '../languages/messages.ts';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import type { Words } from '../words.ts';
import { useModelWords } from './model-words.tsx';
import { CanaryDialog, EndTrialDialog, PromoteDialog, RollBackDialog } from './version-dialogs.tsx';

/** Figures that are shown before the others are asked for. */
const MOST_FIGURES = 3;

type Metric = NonNullable<ShownVersion['card']>['metrics'][number];

const DIALOGS = { promote: PromoteDialog, canary: CanaryDialog, rollback: RollBackDialog, end: EndTrialDialog };

type Open = Readonly<{ kind: keyof typeof DIALOGS; version: ShownVersion }>;

type TableOptions = Readonly<{
  model: string;
  versions: readonly ShownVersion[];
  fleet: ModelList['fleet'];
  onChanged: () => void;
}>;

/** The versions of one model: what each is, how good, where it comes from, who runs it, and what can be done with it. */
export function VersionTable({ model, versions, fleet, onChanged }: TableOptions) {
  const { t } = useWords();
  const m = useModelWords();
  const [open, setOpen] = useState<Open>();
  const Asking = open && DIALOGS[open.kind];
  const close = () => {
    setOpen(undefined);
    onChanged();
  };
  // In the way in which the registry finds the previous champion.
  const hasEarlier = versions.some(
    ({ aliases, champion_at, rolled_back_at }) => !aliases.includes('champion') && champion_at && !rolled_back_at,
  );
  return (
    <section aria-labelledby={`model-${model}`}>
      <h2 id={`model-${model}`}>{model}</h2>
      <table class="table panel">
        <thead>
          <tr>
            <th scope="col">{t.system.version}</th>
            <th scope="col">{m.state}</th>
            <th scope="col">{m.metrics}</th>
            <th scope="col">{m.origin}</th>
            <th scope="col">{m.runs}</th>
            <th scope="col">
              <span class="spoken">{t.people.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {versions.map((version) => (
            <Version key={version.version} version={version} fleet={fleet} hasEarlier={hasEarlier} onOpen={setOpen} />
          ))}
        </tbody>
      </table>
      {open && Asking && <Asking version={open.version} onClose={close} />}
    </section>
  );
}

type VersionOptions = Readonly<{
  version: ShownVersion;
  fleet: ModelList['fleet'];
  /** Whether there is a champion to roll back to. */
  hasEarlier: boolean;
  onOpen: (open: Open) => void;
}>;

function Version({ version, fleet, hasEarlier, onOpen }: VersionOptions) {
  const { countOf, day } = useWords();
  const m = useModelWords();
  const { may } = useServices();
  const { version: number, id, created_at, card, fault } = version;
  const running = fleet.filter((one) => !one.is_silent && one.model_versions.some((ran) => runs(ran, version)));
  const isTried = version.aliases.includes('challenger') || version.canary_cameras.length > 0;
  const isChampion = version.aliases.includes('champion');
  return (
    <tr class={fault === null ? '' : 'row-off'} data-version={number}>
      <th scope="row">
        {number} {card && <span class="quiet">{card.model_version}</span>}
        <code class="quiet">{id}</code> <span class="quiet">{day(created_at)}</span>
      </th>
      <td data-name={m.state}>
        <State version={version} />
      </td>
      <td data-name={m.metrics}>
        <Metrics card={card} />
      </td>
      <td data-name={m.origin}>
        <Origin card={card} />
      </td>
      <td data-name={m.runs}>{running.length === 0 ? m.nowhere : countOf(running.length, m.processes)}</td>
      <td class="table-actions">
        {may('models') && isChampion && hasEarlier && (
          <button type="button" class="button" onClick={() => onOpen({ kind: 'rollback', version })}>
            {m.rollBack}
          </button>
        )}
        {may('models') && !isChampion && fault === null && (
          <>
            <button
              type="button"
              class="button"
              aria-label={m.promoteOf(number)}
              onClick={() => onOpen({ kind: 'promote', version })}
            >
              {m.promote}
            </button>
            <button
              type="button"
              class="button"
              aria-label={m.tryOf(number)}
              onClick={() => onOpen({ kind: 'canary', version })}
            >
              {m.tryOn}
            </button>
          </>
        )}
        {may('models') && !isChampion && isTried && (
          <button
            type="button"
            class="button"
            aria-label={m.endTrialOf(number)}
            onClick={() => onOpen({ kind: 'end', version })}
          >
            {m.endTrial}
          </button>
        )}
      </td>
    </tr>
  );
}

type Ran = ModelList['fleet'][number]['model_versions'][number];

/** Whether an edge runs this very version, or the same weights from its configuration. */
function runs({ state, model, version: ran }: Ran, { id, version }: ShownVersion): boolean {
  return (state === 'running' || state === 'canary') && model === id && (ran === version || ran === '');
}

function State({ version }: { version: ShownVersion }) {
  const { day } = useWords();
  const m = useModelWords();
  const { aliases, canary_cameras, champion_at, rolled_back_at, fault } = version;
  return (
    <ul class="model-state">
      {aliases.map((alias) => (
        <li key={alias}>
          <span class={alias === 'champion' ? 'chip' : 'chip chip-warning'}>{m[alias]}</span>{' '}
          {alias === 'champion' && champion_at && <span class="quiet">{m.since(day(champion_at))}</span>}
        </li>
      ))}
      {canary_cameras.length > 0 && <li>{m.canary(canary_cameras.join(', '))}</li>}
      {rolled_back_at && <li class="quiet">{m.rolledBack(day(rolled_back_at))}</li>}
      {fault && (
        <li>
          <span class="chip chip-bad">{m.faulty}</span> {fault}
        </li>
      )}
    </ul>
  );
}

function Metrics({ card }: Pick<ShownVersion, 'card'>) {
  const words = useWords();
  const m = useModelWords();
  const metrics = card?.metrics ?? [];
  const rest = metrics.slice(MOST_FIGURES);
  const list = (shown: typeof metrics) => (
    <ul class="model-figures">
      {shown.map((one) => (
        <li key={`${one.set} ${one.metric}`}>{describeMetric(one, words, m)}</li>
      ))}
    </ul>
  );
  return (
    <span>
      {metrics.length === 0 ? '–' : list(metrics.slice(0, MOST_FIGURES))}
      {rest.length > 0 && (
        <details>
          <summary>{m.more(words.number(rest.length))}</summary>
          {list(rest)}
        </details>
      )}
    </span>
  );
}

function describeMetric({ set, metric, value }: Metric, { number }: Words, m: ModelMessages): string {
  return m.figure(set, metric, number(value, 3));
}

function Origin({ card }: Pick<ShownVersion, 'card'>) {
  const { countOf } = useWords();
  const m = useModelWords();
  if (!card) return <span>–</span>;
  return (
    <span>
      {card.licence}
      {card.trained_from && <span class="quiet"> · {card.trained_from}</span>}
      {card.data.length > 0 && (
        <details>
          <summary>{countOf(card.data.length, m.data)}</summary>
          <ul class="model-figures">
            {card.data.map(({ name, licence, sha256 }) => (
              <li key={`${name} ${sha256}`}>
                {name}, {licence} {sha256 && <code>{sha256.slice(0, 12)}</code>}
              </li>
            ))}
          </ul>
        </details>
      )}
    </span>
  );
}
