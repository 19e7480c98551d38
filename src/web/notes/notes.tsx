import './notes.css';
import { useRef, useState } from 'preact/hooks';
import type { NewNote, Note } from '../../contract/api/plates.ts';
import { useAnswer } from '../data/answer.ts';
import { request } from '../data/request.ts';
import { Icon } from '../parts/icon.tsx';
import { Problem, Skeleton } from '../parts/notice.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';

/** Tags and notes of an event. */
export function EventNotes({ id }: { id: string }) {
  const of = `/events/${encodeURIComponent(id)}`;
  const { value, error, retry } = useAnswer(of, (signal) =>
    request<{ notes: readonly Note[] }>(`${of}/notes`, { signal }),
  );
  if (value !== undefined) return <Notes of={of} given={value.notes} />;
  return error === undefined ? <Skeleton rows={2} /> : <Problem error={error} retry={retry} />;
}

/** Tags and notes of a plate or an event, `of` being its address; who may write can add and remove them. */
export function Notes({ of, given }: { of: string; given: readonly Note[] }) {
  const { t } = useWords();
  const { may } = useServices();
  const [all, setAll] = useState(given);
  const [refused, setRefused] = useState<unknown>();
  const change = async (work: () => Promise<(before: readonly Note[]) => readonly Note[]>): Promise<boolean> => {
    try {
      setAll(await work());
      setRefused(undefined);
      return true;
    } catch (error) {
      setRefused(error);
      return false;
    }
  };
  const add = (text: NewNote) =>
    change(async () => {
      const added = await request<Note>(`${of}/notes`, { method: 'POST', body: text });
      return (before) => [added, ...before.filter(({ id }) => id !== added.id)];
    });
  const drop = (id: string) =>
    void change(async () => {
      await request(`/notes/${id}`, { method: 'DELETE' });
      return (before) => before.filter((note) => note.id !== id);
    });
  const remove = may('events:write') ? drop : undefined;
  return (
    <section class="panel notes" aria-labelledby="notes">
      <h2 id="notes">{t.notes.title}</h2>
      <ul class="tags" aria-label={t.notes.tags}>
        {all.filter(isTag).map((tag) => (
          <Tag key={tag.id} tag={tag} remove={remove} />
        ))}
      </ul>
      <ul class="note-list">
        {all
          .filter((note) => !isTag(note))
          .map((note) => (
            <NoteItem key={note.id} note={note} remove={remove} />
          ))}
      </ul>
      {all.length === 0 && <p class="quiet">{t.notes.none}</p>}
      {refused !== undefined && <Problem error={refused} />}
      {remove && (
        <div class="notes-new">
          <NewText kind="tag" add={add} />
          <NewText kind="note" add={add} />
        </div>
      )}
    </section>
  );
}

const isTag = ({ kind }: Note) => kind === 'tag';

type Remove = ((id: string) => void) | undefined;

function Tag({ tag, remove }: { tag: Note; remove: Remove }) {
  return (
    <li class="tag">
      {tag.text}
      {remove && <RemoveButton note={tag} remove={remove} />}
    </li>
  );
}

function NoteItem({ note, remove }: { note: Note; remove: Remove }) {
  const { minute } = useWords();
  return (
    <li class="note">
      <p>{note.text}</p>
      <small class="quiet">
        {note.by}, {minute(note.at)}
      </small>
      {remove && <RemoveButton note={note} remove={remove} />}
    </li>
  );
}

function RemoveButton({ note, remove }: { note: Note; remove: (id: string) => void }) {
  const { t } = useWords();
  const label = t.notes.remove(note.text);
  return (
    <button type="button" class="round" aria-label={label} title={label} onClick={() => remove(note.id)}>
      <Icon name="close" />
    </button>
  );
}

type NewTextOptions = Readonly<{ kind: Note['kind']; add: (note: NewNote) => Promise<boolean> }>;

/** What was written stays in the field until it is stored. */
function NewText({ kind, add }: NewTextOptions) {
  const { t } = useWords();
  const field = useRef<HTMLInputElement>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    const text = field.current?.value.trim() ?? '';
    if (text !== '' && (await add({ kind, text })) && field.current) field.current.value = '';
  };
  const label = kind === 'tag' ? t.notes.addTag : t.notes.addNote;
  return (
    <form class={`new-${kind}`} onSubmit={(event) => void submit(event)}>
      <input
        ref={field}
        class="text-field"
        aria-label={label}
        placeholder={label}
        maxLength={kind === 'tag' ? 40 : 2000}
      />
      <button type="submit" class="button">
        <Icon name="plus" /> {t.notes.add}
      </button>
    </form>
  );
}
