import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { SearchMode } from '../../contract/api/search.ts';
import type { CameraStatus } from '../../contract/live.ts';
import { useCell } from '../data/cell.ts';
import { Icon } from '../parts/icon.tsx';
import { EMPTY_QUERY, FIELDS, formatQuery, formatRoute, parseRoute, type SearchQuery } from '../route.ts';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { wordFor } from '../words.ts';
import { toLocal } from '../zoned-time.ts';

const MODES = [
  'auto',
  'exact',
  'prefix',
  'suffix',
  'contains',
  'wildcard',
  'fuzzy',
] as const satisfies readonly SearchMode[];
const OTHERS = ['site', 'region', 'vehicle'] as const;
const LEAST_CONFIDENCES = ['', '0.5', '0.7', '0.8', '0.9', '0.95', '0.99'] as const;

/** What lines and zones are asked by. */
const PASSED = ['direction', 'zone'] as const;

/** How long typing must pause before the search runs, milliseconds. */
const REST_MS = 250;

/** The search form: text, mode and filters. A change goes into the address, which runs the search. */
export function SearchForm({ query }: { query: SearchQuery }) {
  const cameras = useCell(useServices().feed.cameras) ?? [];
  const { t, zone } = useWords();
  const form = useRef<HTMLFormElement>(null);
  const timer = useRef(0);
  const asked = useRef<string>(undefined);
  const key = formatQuery(query);
  useEffect(() => {
    const isOwn = key === asked.current;
    if (!isOwn) clearTimeout(timer.current);
    asked.current = isOwn ? key : undefined;
    writeForm(form.current, { query, zone, isOwn });
  }, [key, zone]);
  // The list of cameras has just come, and the chosen one can be shown.
  useEffect(() => writeForm(form.current, { query, zone, isOwn: true }), [cameras.length]);
  useEffect(() => {
    form.current?.querySelector<HTMLInputElement>('.search-box')?.focus();
    return () => clearTimeout(timer.current);
  }, []);
  const ask = (event?: Event) => {
    event?.preventDefault();
    clearTimeout(timer.current);
    if (form.current === null) return;
    const wanted = readForm(form.current);
    asked.current = formatQuery(wanted);
    location.replace(formatRoute({ screen: 'search', query: wanted }));
  };
  const askSoon = () => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(ask, REST_MS);
  };
  return (
    <search>
      <form ref={form} class="search-form" onSubmit={ask} onChange={ask}>
        <div class="search-line">
          <TextBox onInput={askSoon} />
          <button type="submit" class="button button-main">
            {t.search.search}
          </button>
        </div>
        <Modes query={query} />
        <Filters cameras={cameras} query={query} />
      </form>
    </search>
  );
}

type FiltersOptions = Readonly<{ cameras: readonly CameraStatus[]; query: SearchQuery }>;

/** The address may ask for more than the lists offer: a camera that is gone, another confidence. */
function Filters({ cameras, query }: FiltersOptions) {
  const { t, percent } = useWords();
  const gone = query.camera !== '' && !cameras.some(({ camera_id }) => camera_id === query.camera);
  return (
    <div class="filters">
      <Field name={t.frame.camera} id="filter-camera">
        <select id="filter-camera" name="camera">
          <option value="">{t.search.all}</option>
          {cameras.map((camera) => (
            <option key={camera.camera_id} value={camera.camera_id}>
              {camera.name}
            </option>
          ))}
          {gone && <option value={query.camera}>{query.camera}</option>}
        </select>
      </Field>
      {PASSED.map((field) => (
        <PassedFilter
          key={field}
          field={field}
          offered={cameras.flatMap((camera) => camera[`${field}s`] ?? [])}
          query={query}
        />
      ))}
      <Field name={t.search.from} id="filter-from">
        <input id="filter-from" name="from" type="datetime-local" step="any" />
      </Field>
      <Field name={t.search.to} id="filter-to">
        <input id="filter-to" name="to" type="datetime-local" step="any" />
      </Field>
      <Field name={t.search.confidenceAtLeast} id="filter-min_confidence">
        <select id="filter-min_confidence" name="min_confidence">
          {listWith(LEAST_CONFIDENCES, query.min_confidence).map((least) => (
            <option key={least} value={least}>
              {least === '' ? t.search.any : percent(Number(least))}
            </option>
          ))}
        </select>
      </Field>
      {OTHERS.filter((name) => query[name] !== '').map((name) => (
        <OtherFilter key={name} name={name} query={query} />
      ))}
    </div>
  );
}

/** A filter that the form has no list for, as saved searches and programs may have it: it is shown and can be taken away. */
function OtherFilter({ name, query }: { name: (typeof OTHERS)[number]; query: SearchQuery }) {
  const { t } = useWords();
  const label = { site: t.search.site, region: t.read.region, vehicle: t.read.vehicle }[name];
  const without = formatRoute({ screen: 'search', query: { ...query, [name]: '' } });
  return (
    <div class="field">
      <span>{label}</span>
      <span class="chip other-filter">
        {query[name]}
        <a href={without} aria-label={t.search.without(label)} title={t.search.without(label)}>
          <Icon name="close" />
        </a>
      </span>
    </div>
  );
}

type PassedOptions = Readonly<{ field: (typeof PASSED)[number]; offered: readonly string[]; query: SearchQuery }>;

/** Directions or zones of all cameras; there is nothing to choose where no camera has any. */
function PassedFilter({ field, offered, query }: PassedOptions) {
  const { t } = useWords();
  const names = listWith([...new Set(offered)].sort(), query[field]).filter((name) => name !== '');
  if (names.length === 0) return null;
  return (
    <Field name={t.search[field]} id={`filter-${field}`}>
      <select id={`filter-${field}`} name={field}>
        <option value="">{t.search.all}</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </Field>
  );
}

function TextBox({ onInput }: { onInput: () => void }) {
  const { t } = useWords();
  return (
    <input
      class="search-box"
      name="q"
      type="search"
      aria-label={t.search.plateText}
      autocomplete="off"
      autocapitalize="characters"
      spellcheck={false}
      maxLength={64}
      onInput={onInput}
    />
  );
}

function Modes({ query }: { query: SearchQuery }) {
  const { t } = useWords();
  return (
    <fieldset class="modes">
      <legend class="spoken">{t.search.wayOfSearching}</legend>
      {listWith(MODES, query.mode).map((mode) => (
        <label key={mode}>
          <input type="radio" name="mode" value={mode} />
          <span>{wordFor(t.search.modes, mode)}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Field({ name, id, children }: { name: string; id: string; children: ComponentChildren }) {
  return (
    <div class="field">
      <label htmlFor={id}>{name}</label>
      {children}
    </div>
  );
}

/** A fixed list, and the value that is not in it. */
function listWith(values: readonly string[], value: string): readonly string[] {
  return values.includes(value) ? values : [...values, value];
}

type Written = Readonly<{ query: SearchQuery; zone: string; isOwn: boolean }>;

/**
 * Copies the query into the fields. `isOwn` says that the form itself asked for it; then the text box is left alone while
 * somebody types in it.
 */
function writeForm(form: HTMLFormElement | null, { query, zone, isOwn }: Written): void {
  const shown = { ...query, from: toLocal(query.from, zone), to: toLocal(query.to, zone) };
  for (const [name, value] of Object.entries(shown)) {
    const field = form?.elements.namedItem(name);
    if (isOwn && name === 'q' && field === document.activeElement) continue;
    if (field instanceof RadioNodeList) field.value = value;
    if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = value;
  }
}

/** What the form has no field for is asked as the address says, which may have changed since the form was drawn. */
function readForm(form: HTMLFormElement): SearchQuery {
  const data = new FormData(form);
  const query = { ...EMPTY_QUERY };
  for (const field of FIELDS) query[field] = String(data.get(field) ?? '').trim();
  const route = parseRoute(location.hash);
  if (route.screen === 'search') for (const field of OTHERS) query[field] = route.query[field];
  return { ...query, mode: query.mode || EMPTY_QUERY.mode };
}
