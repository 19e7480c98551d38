import './models.css';
import '../styles/table.css';
import type { ModelList } from '../../contract/api/models.ts';
import { useAnswer } from '../data/answer.ts';
import type { ModelMessages } from '../languages/messages.ts';
import { Marked } from '../parts/marked.tsx';
import { Empty, Problem, Skeleton } from '../parts/notice.tsx';
import { Time, useNow } from '../parts/time.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import type { Words } from '../words.ts';
import { ModelSpeech, useModelWords } from './model-words.tsx';
import { fetchModels } from './models-client.ts';
import { ShadowView } from './shadow-view.tsx';
import { VersionTable } from './version-table.tsx';

const AGAIN_EVERY_MS = 15_000;

/** Versions of all models and who runs them; with `id`, also how a challenger of that model compares. */
export function ModelsScreen({ id }: { id: string | undefined }) {
  const { t } = useWords();
  return (
    <main class="screen models" id="content">
      <h1>{t.frame.names.models}</h1>
      <ModelSpeech>
        <Models id={id} />
      </ModelSpeech>
    </main>
  );
}

function Models({ id }: { id: string | undefined }) {
  const m = useModelWords();
  const { may } = useServices();
  const turn = Math.floor(useNow() / AGAIN_EVERY_MS);
  const { value, error, retry } = useAnswer(`models ${turn}`, fetchModels);
  const names = [...new Set(value?.versions.map(({ model }) => model))];
  const readers = value?.fleet.flatMap(({ models }) => models).filter(({ kind }) => kind === 'reader') ?? [];
  const shown = id ?? readers[0]?.model.split('@')[0] ?? names[0];
  const faulty = value?.versions.find(
    ({ model, aliases, fault }) => model === shown && fault !== null && aliases.includes('challenger'),
  );
  return (
    <>
      <p class="quiet">{m.means}</p>
      {error !== undefined && <Problem error={error} retry={retry} />}
      {value === undefined && error === undefined && <Skeleton rows={3} kind="row" />}
      {value?.versions.length === 0 && <NoVersions />}
      {value &&
        names.map((model) => (
          <VersionTable
            key={model}
            model={model}
            versions={value.versions.filter((version) => version.model === model)}
            fleet={value.fleet}
            onChanged={retry}
          />
        ))}
      {value && shown !== undefined && may('events:read') && (
        <ShadowView key={shown} model={shown} rule={value.rule} faulty={faulty} />
      )}
      {value && <Fleet fleet={value.fleet} />}
      {value && value.decisions.length > 0 && <Decisions decisions={value.decisions} />}
    </>
  );
}

function NoVersions() {
  const m = useModelWords();
  return (
    <Empty icon="model" title={m.none}>
      <p>{m.noneWhy}</p>
      <ol class="steps">
        {m.noneSteps.map((step) => (
          <li key={step}>
            <Marked text={step} />
          </li>
        ))}
      </ol>
      <p>
        <Marked text={m.withoutRegistry} />
      </p>
    </Empty>
  );
}

function Fleet({ fleet }: Pick<ModelList, 'fleet'>) {
  const { t, away } = useWords();
  const m = useModelWords();
  return (
    <section class="panel" aria-labelledby="fleet">
      <h2 id="fleet">{m.fleet}</h2>
      {fleet.length === 0 && <p class="quiet">{m.noFleet}</p>}
      <ul class="fleet">
        {fleet.map(({ service, site_id, instance, models, reported_at, is_silent }) => (
          <li key={`${service} ${site_id} ${instance}`}>
            <b>{service}</b>{' '}
            <span class="quiet">
              {site_id}, {instance}, {away(Date.parse(reported_at), Date.now())}
            </span>{' '}
            {is_silent && <span class="chip chip-bad">{t.process.silent}</span>}
            <ul>
              {models.map(({ model, kind, provider }) => (
                <li key={`${kind} ${model}`}>
                  <code>{model}</code> <span class="quiet">{`${kind}, ${provider}`}</span>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Decisions({ decisions }: Pick<ModelList, 'decisions'>) {
  const words = useWords();
  const m = useModelWords();
  return (
    <section class="panel" aria-labelledby="decisions">
      <h2 id="decisions">{m.decisions}</h2>
      <ul class="decisions">
        {decisions.map((one) => (
          <li key={`${one.at} ${one.model} ${one.action}`}>
            <Time at={one.at} />{' '}
            <b>
              {one.model} {one.version}
            </b>{' '}
            {m.decided[one.action]} {one.cameras.join(', ')} {one.by === null ? m.byRule : m.by(one.by)}
            {one.figures && <span class="quiet"> {describeFigures(one.figures, words, m)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

type Figures = NonNullable<ModelList['decisions'][number]['figures']>;

function describeFigures(
  { reviewed, challenger_right, reader_right, p }: Figures,
  { number }: Words,
  m: ModelMessages,
): string {
  return m.figures(number(reviewed), number(challenger_right), number(reader_right), number(p, 4));
}
