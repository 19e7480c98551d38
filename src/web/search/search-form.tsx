import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { SearchMode } from '../../contract/api/search.ts';
import type { CameraStatus } from '../../contract/live.ts';
import { useCell } from '../data/cell.ts';
import { EMPTY_QUERY, FIELDS, formatRoute, type SearchQuery } from '../route.ts';
import { useServices } from '../services.ts';

const MODES = [
  'auto',
  'exact',
  'prefix',
  'suffix',
  'contains',
  'wildcard',
  'fuzzy',
] as const satisfies readonly SearchMode[];
const LEAST_CONFIDENCES = ['', '0.5', '0.7', '0.8', '0.9', '0.95', '0.99'] as const;

/** How long typing must pause before the search runs, milliseconds. */
const REST_MS = 250;

/** The search form: text, mode and filters. A change goes into the address, which runs the search. */
export function SearchForm({ query }: { query: SearchQuery }) {
  const cameras = useCell(useServices().feed.cameras) ?? [];
  const form = useRef<HTMLFormElement>(null);
  const timer = useRef(0);
  useEffect(() => writeForm(form.current, query), [query, cameras.length]);
  useEffect(() => {
    form.current?.querySelector<HTMLInputElement>('.search-box')?.focus();
    return () => clearTimeout(timer.current);
  }, []);
  const ask = (event?: Event) => {
    event?.preventDefault();
    clearTimeout(timer.current);
    if (form.current) location.replace(formatRoute({ screen: 'search', query: readForm(form.current) }));
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
            Search
          </button>
        </div>
        <Modes />
        <Filters cameras={cameras} />
      </form>
    </search>
  );
}

function Filters({ cameras }: { cameras: readonly CameraStatus[] }) {
  return (
    <div class="filters">
      <Field name="Camera" id="filter-camera">
        <select id="filter-camera" name="camera">
          <option value="">all</option>
          {cameras.map((camera) => (
            <option key={camera.camera_id} value={camera.camera_id}>
              {camera.name}
            </option>
          ))}
        </select>
      </Field>
      <Field name="From" id="filter-from">
        <input id="filter-from" name="from" type="datetime-local" />
      </Field>
      <Field name="To" id="filter-to">
        <input id="filter-to" name="to" type="datetime-local" />
      </Field>
      <Field name="Confidence at least" id="filter-min_confidence">
        <select id="filter-min_confidence" name="min_confidence">
          {LEAST_CONFIDENCES.map((least) => (
            <option key={least} value={least}>
              {least === '' ? 'any' : `${Math.round(Number(least) * 100)}%`}
            </option>
          ))}
        </select>
      </Field>
    </div>
  );
}

function TextBox({ onInput }: { onInput: () => void }) {
  return (
    <input
      class="search-box"
      name="q"
      type="search"
      aria-label="Plate text"
      autocomplete="off"
      autocapitalize="characters"
      spellcheck={false}
      maxLength={64}
      onInput={onInput}
    />
  );
}

function Modes() {
  return (
    <fieldset class="modes">
      <legend class="spoken">Way of searching</legend>
      {MODES.map((mode) => (
        <label key={mode}>
          <input type="radio" name="mode" value={mode} />
          <span>{mode}</span>
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

/** Copies the query into the fields, but leaves the text box alone while somebody types in it. */
function writeForm(form: HTMLFormElement | null, query: SearchQuery): void {
  for (const [name, value] of Object.entries(query)) {
    const field = form?.elements.namedItem(name);
    if (field === document.activeElement && name === 'q') continue;
    if (field instanceof RadioNodeList) field.value = value;
    if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = value;
  }
}

function readForm(form: HTMLFormElement): SearchQuery {
  const data = new FormData(form);
  const query = { ...EMPTY_QUERY };
  for (const field of FIELDS) query[field] = String(data.get(field) ?? '').trim();
  return { ...query, mode: query.mode || EMPTY_QUERY.mode };
}
