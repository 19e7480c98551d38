import { useState } from 'preact/hooks';
import type { PlateList } from '../../contract/api/lists.ts';
import { useAnswer } from '../data/answer.ts';
import { AlertsNav } from '../parts/alerts-nav.tsx';
import { Icon } from '../parts/icon.tsx';
import { ListColour } from '../parts/list-colour.tsx';
import { Empty, Problem, Skeleton } from '../parts/notice.tsx';
import { formatRoute } from '../route.ts';
import { useWords } from '../speech.tsx';
import { ListDialog } from './list-dialogs.tsx';
import { ListEntries } from './list-entries.tsx';
import { fetchLists } from './lists-client.ts';
import '../styles/lists.css';

/** All lists of plates, or the entries of one. */
export function ListsScreen({ id }: { id: string | undefined }) {
  const { t } = useWords();
  const { value, error, retry } = useAnswer('lists', fetchLists);
  const open = value?.lists.find((list) => list.id === id);
  return (
    <main class="screen lists" id="content">
      <AlertsNav screen="lists" />
      {error !== undefined && <Problem error={error} retry={retry} />}
      {value === undefined && error === undefined && <Skeleton rows={3} kind="row" />}
      {value && open && <ListEntries key={open.id} list={open} onChanged={retry} />}
      {value && !open && id !== undefined && <Empty icon="warning" title={t.errors.codes.NOT_FOUND} />}
      {value && id === undefined && <Overview lists={value.lists} onChanged={retry} />}
    </main>
  );
}

function Overview({ lists, onChanged }: { lists: readonly PlateList[]; onChanged: () => void }) {
  const { t, countOf } = useWords();
  const [isNew, setNew] = useState(false);
  return (
    <>
      <header class="screen-head">
        <h1>{t.frame.names.lists}</h1>
        <button type="button" class="button button-main" onClick={() => setNew(true)}>
          <Icon name="plus" /> {t.lists.create}
        </button>
      </header>
      {lists.length === 0 && (
        <Empty icon="bell" title={t.lists.none}>
          {t.lists.noneMeans}
        </Empty>
      )}
      <ul class="list-cards">
        {lists.map((list) => (
          <li key={list.id} class="panel">
            <a href={formatRoute({ screen: 'lists', id: list.id })}>
              <ListColour colour={list.colour} />
              <b>{list.name}</b>
            </a>
            <span class="quiet">
              {list.id} · {countOf(list.entries, t.lists.entries)}
            </span>
            {list.note !== '' && <span>{list.note}</span>}
          </li>
        ))}
      </ul>
      {isNew && (
        <ListDialog
          onClose={() => {
            setNew(false);
            onChanged();
          }}
        />
      )}
    </>
  );
}
