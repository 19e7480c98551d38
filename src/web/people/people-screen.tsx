import { useState } from 'preact/hooks';
import type { Person } from '../../contract/api/people.ts';
import { useAnswer } from '../data/answer.ts';
import { ListExport } from '../parts/export-buttons.tsx';
import { useAction } from '../parts/form.tsx';
import { Icon } from '../parts/icon.tsx';
import { Problem, Skeleton } from '../parts/notice.tsx';
import { ScopeText } from '../parts/scope.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { changePerson, fetchPeople } from './people-client.ts';
import { PersonDialog } from './person-dialog.tsx';
import { ResetDialog } from './reset-dialog.tsx';
import '../styles/table.css';

/** What is open over the list: adding somebody, or changing or resetting one of them. */
type Open = Readonly<{ kind: 'add' }> | Readonly<{ kind: 'change' | 'reset'; person: Person }>;

/** Everybody with an account: who they are, what they may do, and when they were here. */
export function PeopleScreen() {
  const { t } = useWords();
  const { value, error, retry } = useAnswer('people', fetchPeople);
  const [open, setOpen] = useState<Open>();
  const close = () => {
    setOpen(undefined);
    retry();
  };
  return (
    <main class="screen people" id="content">
      <header class="screen-head">
        <h1>{t.frame.names.people}</h1>
        <button type="button" class="button button-main" onClick={() => setOpen({ kind: 'add' })}>
          <Icon name="plus" /> {t.people.add}
        </button>
      </header>
      {error !== undefined && <Problem error={error} retry={retry} />}
      {value === undefined && error === undefined && <Skeleton rows={4} kind="row" />}
      {value !== undefined && (
        <table class="table panel">
          <thead>
            <tr>
              <th scope="col">{t.entrance.name}</th>
              <th scope="col">{t.people.role}</th>
              <th scope="col">{t.people.scope}</th>
              <th scope="col">{t.people.lastHere}</th>
              <th scope="col">
                <span class="spoken">{t.people.actions}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {value.people.map((person) => (
              <PersonRow key={person.id} person={person} onOpen={setOpen} onChanged={retry} />
            ))}
          </tbody>
        </table>
      )}
      <ListExport list={{ path: '/people', rows: 'people' }} />
      {open?.kind === 'add' && <PersonDialog onClose={close} />}
      {open?.kind === 'change' && <PersonDialog person={open.person} onClose={close} />}
      {open?.kind === 'reset' && <ResetDialog person={open.person} onClose={close} />}
    </main>
  );
}

type RowOptions = Readonly<{ person: Person; onOpen: (open: Open) => void; onChanged: () => void }>;

function PersonRow({ person, onOpen, onChanged }: RowOptions) {
  const words = useWords();
  const { t } = words;
  const { who } = useServices();
  const isOff = person.disabled_at !== null;
  const turn = useAction(async () => {
    await changePerson(person.id, { disabled: !isOff });
    onChanged();
  });
  return (
    <tr class={isOff ? 'row-off' : ''}>
      <th scope="row">
        {person.name} {person.id === who.id && <span class="chip">{t.people.you}</span>}{' '}
        {isOff && <span class="chip chip-bad">{t.people.disabled}</span>}{' '}
        {person.second_factor && <span class="chip">{t.account.secondFactor}</span>}
      </th>
      <td data-name={t.people.role}>{t.people.roles[person.role]}</td>
      <td data-name={t.people.scope}>
        <ScopeText scope={person.scope} />
      </td>
      <td data-name={t.people.lastHere}>
        {person.last_used_at === null ? (
          t.people.never
        ) : (
          <time dateTime={person.last_used_at} title={words.minute(person.last_used_at)}>
            {words.away(Date.parse(person.last_used_at), Date.now())}
          </time>
        )}
      </td>
      <td class="table-actions">
        {turn.error !== undefined && <Problem error={turn.error} />}
        <button
          type="button"
          class="button"
          aria-label={t.people.changeOf(person.name)}
          onClick={() => onOpen({ kind: 'change', person })}
        >
          {t.people.change}
        </button>
        <button
          type="button"
          class="button"
          aria-label={t.people.resetOf(person.name)}
          onClick={() => onOpen({ kind: 'reset', person })}
        >
          {t.people.reset}
        </button>
        {person.id !== who.id && (
          <button
            type="button"
            class="button"
            disabled={turn.busy}
            aria-label={isOff ? t.people.enableOf(person.name) : t.people.disableOf(person.name)}
            onClick={turn.run}
          >
            {isOff ? t.people.enable : t.people.disable}
          </button>
        )}
      </td>
    </tr>
  );
}
