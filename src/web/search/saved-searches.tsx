import './saved-searches.css';
import { useState } from 'preact/hooks';
import type { SavedSearch } from '../../contract/api/saved-searches.ts';
import { useAnswer } from '../data/answer.ts';
import { request } from '../data/request.ts';
import { ListExport } from '../parts/export-buttons.tsx';
import { type Action, Field, TextInput, useAction } from '../parts/form.tsx';
import { Icon } from '../parts/icon.tsx';
import { Problem } from '../parts/notice.tsx';
import { asksForReads, EMPTY_QUERY, FIELDS, formatQuery, formatRoute, type SearchQuery } from '../route.ts';
import { useWords } from '../speech.tsx';
import { toUtc } from '../zoned-time.ts';

type Saved = Readonly<{ searches: readonly SavedSearch[] }>;

/** The searches that this person saved, and a way to save the one that is shown. */
export function SavedSearches({ query }: { query: SearchQuery }) {
  const { t } = useWords();
  const { value, error, retry } = useAnswer('saved', (signal) => request<Saved>('/saved-searches', { signal }));
  const searches = value?.searches ?? [];
  if (error !== undefined) return <Problem error={error} retry={retry} />;
  if (searches.length === 0 && !asksForReads(query)) return null;
  return (
    <section class="saved" aria-label={t.search.saved}>
      {searches.length > 0 && (
        <ul>
          {searches.map((saved) => (
            <SavedItem key={saved.id} saved={saved} onChanged={retry} />
          ))}
        </ul>
      )}
      {searches.length > 0 && <ListExport list={{ path: '/saved-searches', rows: 'searches' }} />}
      {asksForReads(query) && <SaveThis key={formatQuery(query)} query={query} onSaved={retry} />}
    </section>
  );
}

function SavedItem({ saved, onChanged }: { saved: SavedSearch; onChanged: () => void }) {
  const { t } = useWords();
  const [name, setName] = useState<string>();
  const renaming = useAction(async () => {
    await request(`/saved-searches/${saved.id}`, { method: 'PATCH', body: { name } });
    setName(undefined);
    onChanged();
  });
  const removal = useAction(async () => {
    await request(`/saved-searches/${saved.id}`, { method: 'DELETE' });
    onChanged();
  });
  const label = t.search.forget(saved.name);
  const renameLabel = t.search.rename(saved.name);
  if (name !== undefined) {
    return (
      <li>
        <NameForm
          label={renameLabel}
          name={name}
          onName={setName}
          action={renaming}
          onCancel={() => setName(undefined)}
        />
      </li>
    );
  }
  return (
    <li class="saved-search">
      <a href={formatRoute({ screen: 'search', query: toQuery(saved) })}>{saved.name}</a>
      <button
        type="button"
        class="round"
        aria-label={renameLabel}
        title={renameLabel}
        onClick={() => setName(saved.name)}
      >
        <Icon name="pen" />
      </button>
      <button
        type="button"
        class="round"
        aria-label={label}
        title={label}
        disabled={removal.busy}
        onClick={removal.run}
      >
        <Icon name="close" />
      </button>
      {removal.error !== undefined && <Problem error={removal.error} />}
    </li>
  );
}

function SaveThis({ query, onSaved }: { query: SearchQuery; onSaved: () => void }) {
  const { t, zone } = useWords();
  const [name, setName] = useState<string>();
  const saving = useAction(async () => {
    await request('/saved-searches', { method: 'POST', body: { name, query: toSaved(query, zone) } });
    setName(undefined);
    onSaved();
  });
  if (name === undefined) {
    return (
      <button type="button" class="button" onClick={() => setName(query.q)}>
        <Icon name="plus" /> {t.search.saveThis}
      </button>
    );
  }
  return (
    <NameForm
      label={t.search.saveThis}
      name={name}
      onName={setName}
      action={saving}
      onCancel={() => setName(undefined)}
    />
  );
}

type NameOptions = Readonly<{
  label: string;
  name: string;
  onName: (name: string) => void;
  action: Action;
  onCancel: () => void;
}>;

/** Names a search, a new one or one that has another name. */
function NameForm({ label, name, onName, action, onCancel }: NameOptions) {
  const { t } = useWords();
  return (
    <form
      class="save-search form"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        action.run();
      }}
    >
      <Field name={t.search.nameOfSearch}>
        {(ids) => <TextInput {...ids} value={name} onValue={onName} maxLength={80} required focused />}
      </Field>
      <button type="submit" class="button button-main" disabled={action.busy}>
        {t.search.save}
      </button>
      <button type="button" class="button" onClick={onCancel}>
        {t.frame.cancel}
      </button>
      {action.error !== undefined && <Problem error={action.error} />}
    </form>
  );
}

/** Only what is set; the times as they are in UTC, so that the search means the same in every zone. */
function toSaved(query: SearchQuery, zone: string): Readonly<Record<string, string>> {
  const utc = { ...query, from: toUtc(query.from, zone), to: toUtc(query.to, zone) };
  return Object.fromEntries(FIELDS.filter((field) => utc[field] !== '').map((field) => [field, utc[field]]));
}

function toQuery({ query }: SavedSearch): SearchQuery {
  const shown = { ...EMPTY_QUERY };
  for (const field of FIELDS) shown[field] = String(query[field] ?? EMPTY_QUERY[field]);
  return shown;
}
