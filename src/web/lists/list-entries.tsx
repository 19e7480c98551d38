import { useEffect, useState } from 'preact/hooks';
import type { ListEntry, PlateList } from '../../contract/api/lists.ts';
import { usePages } from '../data/pages.ts';
import { DownloadButton } from '../parts/download.tsx';
import { useAction } from '../parts/form.tsx';
import { Icon } from '../parts/icon.tsx';
import { ListColour } from '../parts/list-colour.tsx';
import { Empty, Problem, Skeleton } from '../parts/notice.tsx';
import { describeSchedule } from '../parts/schedule-field.tsx';
import { useWords } from '../speech.tsx';
import type { Words } from '../words.ts';
import { EntryDialog } from './entry-dialog.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { ListDialog, RemoveListDialog } from './list-dialogs.tsx';
import { fetchEntries, fileOf, removeEntry } from './lists-client.ts';

/** How long typing must pause before entries are asked for, milliseconds. */
const REST_MS = 250;

type Open = Readonly<{ kind: 'list' | 'remove' | 'import' | 'new' } | { kind: 'entry'; entry: ListEntry }>;

/** The entries of one list. */
export function ListEntries({ list, onChanged }: { list: PlateList; onChanged: () => void }) {
  const { t, countOf } = useWords();
  const [open, setOpen] = useState<Open>();
  const [typed, setTyped] = useState('');
  const [q, setQ] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setQ(typed.trim()), REST_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const { pages, error, loading, isLast, more, again } = usePages(q, (cursor) => fetchEntries(list.id, q, cursor));
  const entries = pages.flatMap((page) => page.entries);
  const close = () => {
    setOpen(undefined);
    again();
    onChanged();
  };
  return (
    <>
      <header class="screen-head">
        <div>
          <a class="list-back" href="#/lists">
            <Icon name="back" /> {t.lists.all}
          </a>
          <h1>
            <ListColour colour={list.colour} /> {list.name}
          </h1>
          <span class="quiet">
            {list.id} · {countOf(list.entries, t.lists.entries)}
          </span>
        </div>
        <div class="list-tools">
          <button type="button" class="button button-main" onClick={() => setOpen({ kind: 'new' })}>
            <Icon name="plus" /> {t.lists.addEntry}
          </button>
          <button type="button" class="button" onClick={() => setOpen({ kind: 'import' })}>
            {t.lists.import}
          </button>
          <DownloadButton load={fileOf(list.id)} label={t.files.csv} />
          <button type="button" class="button" onClick={() => setOpen({ kind: 'list' })}>
            {t.lists.change}
          </button>
          <button type="button" class="button" onClick={() => setOpen({ kind: 'remove' })}>
            {t.lists.remove}
          </button>
        </div>
      </header>
      <input
        type="search"
        class="control list-find"
        aria-label={t.lists.find}
        placeholder={t.lists.find}
        value={typed}
        maxLength={64}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      {error !== undefined && <Problem error={error} retry={again} />}
      {pages.length === 0 && error === undefined && <Skeleton rows={5} kind="row" />}
      {pages.length > 0 && entries.length === 0 && (
        <Empty icon="bell" title={q === '' ? t.lists.noEntries : t.lists.noEntryFits} />
      )}
      {entries.length > 0 && (
        <table class="table panel">
          <thead>
            <tr>
              <th scope="col">{t.lists.plate}</th>
              <th scope="col">{t.lists.name}</th>
              <th scope="col">{t.lists.group}</th>
              <th scope="col">{t.lists.tags}</th>
              <th scope="col">{t.lists.valid}</th>
              <th scope="col">
                <span class="spoken">{t.people.actions}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <EntryRow
                key={entry.plate}
                list={list.id}
                entry={entry}
                onOpen={() => setOpen({ kind: 'entry', entry })}
                onRemoved={close}
              />
            ))}
          </tbody>
        </table>
      )}
      {pages.length > 0 && !isLast && (
        <button type="button" class="button button-wide" disabled={loading} onClick={more}>
          {loading ? t.search.lookingFurther : t.search.showMore}
        </button>
      )}
      {open?.kind === 'new' && <EntryDialog list={list.id} onClose={close} />}
      {open?.kind === 'entry' && <EntryDialog list={list.id} entry={open.entry} onClose={close} />}
      {open?.kind === 'list' && <ListDialog list={list} onClose={close} />}
      {open?.kind === 'remove' && <RemoveListDialog list={list} onClose={close} />}
      {open?.kind === 'import' && <ImportDialog list={list.id} onClose={close} />}
    </>
  );
}

type RowOptions = Readonly<{ list: string; entry: ListEntry; onOpen: () => void; onRemoved: () => void }>;

function EntryRow({ list, entry, onOpen, onRemoved }: RowOptions) {
  const words = useWords();
  const { t } = words;
  const action = useAction(async () => {
    await removeEntry(list, entry.plate);
    onRemoved();
  });
  return (
    <tr class={isValid(entry) ? '' : 'row-off'}>
      <th scope="row">
        <ListColour colour={entry.colour} /> <span class="list-plate">{entry.plate}</span>
      </th>
      <td data-name={t.lists.name}>
        {entry.name || '–'} {entry.note !== '' && <span class="quiet">{entry.note}</span>}
      </td>
      <td data-name={t.lists.group}>{entry.group || '–'}</td>
      <td data-name={t.lists.tags}>{entry.tags.join(', ') || '–'}</td>
      <td data-name={t.lists.valid}>{describeValidity(entry, words)}</td>
      <td class="table-actions">
        <button type="button" class="button" aria-label={t.lists.changeEntry(entry.plate)} onClick={onOpen}>
          {t.lists.change}
        </button>
        <button
          type="button"
          class="button"
          aria-label={t.lists.removeEntry(entry.plate)}
          disabled={action.busy}
          onClick={action.run}
        >
          {t.lists.remove}
        </button>
        {action.error !== undefined && <Problem error={action.error} />}
      </td>
    </tr>
  );
}

function isValid({ valid_from: from, valid_until: until }: ListEntry): boolean {
  const now = Date.now();
  return (from === null || Date.parse(from) <= now) && (until === null || Date.parse(until) > now);
}

function describeValidity(entry: ListEntry, { t, minute }: Words): string {
  const { valid_from: from, valid_until: until, schedule } = entry;
  const times = [
    ...(from === null ? [] : [t.lists.from(minute(from))]),
    ...(until === null ? [] : [t.lists.until(minute(until))]),
    ...(schedule === null ? [] : [describeSchedule(schedule, t)]),
  ];
  return times.join(', ') || t.lists.always;
}
