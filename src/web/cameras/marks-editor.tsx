import { useState } from 'preact/hooks';
import { Field, TextInput } from '../parts/form.tsx';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../speech.tsx';
import { Drawing } from './drawing.tsx';
import { addCorner, createMark, dropCorner, type Mark } from './marks.ts';

const KINDS = ['line', 'zone', 'mask'] as const;
const LONGEST_NAME = 64;

type EditorOptions = Readonly<{
  marks: readonly Mark[];
  onMarks: (marks: readonly Mark[]) => void;
  picture: string | undefined;
  shape: number;
}>;

/** Draws lines, zones and masked areas on the picture of a camera, and names them. */
export function MarksEditor({ marks, onMarks, picture, shape }: EditorOptions) {
  const { t } = useWords();
  const [chosen, setChosen] = useState<number>();
  const replace = (mark: Mark) => onMarks(marks.map((one) => (one.key === mark.key ? mark : one)));
  const add = (kind: Mark['kind']) => {
    const mark = createMark(kind, t.cameras.marks[kind], marks);
    onMarks([...marks, mark]);
    setChosen(mark.key);
  };
  return (
    <fieldset class="marks">
      <legend>{t.cameras.drawn}</legend>
      <Drawing marks={marks} chosen={chosen} picture={picture} shape={shape} onChange={replace} onChoose={setChosen} />
      <p class="form-hint">{t.cameras.drawnHint}</p>
      <div class="form-end">
        {KINDS.map((kind) => (
          <button key={kind} type="button" class="button" onClick={() => add(kind)}>
            <Icon name="plus" /> {t.cameras.marks[kind]}
          </button>
        ))}
      </div>
      <ul class="mark-list">
        {marks.map((mark) => (
          <li key={mark.key} class={mark.key === chosen ? 'mark-row mark-row-chosen' : 'mark-row'}>
            <MarkFields
              mark={mark}
              onChange={replace}
              onRemove={() => onMarks(marks.filter(({ key }) => key !== mark.key))}
            />
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

type FieldsOptions = Readonly<{ mark: Mark; onChange: (mark: Mark) => void; onRemove: () => void }>;

function MarkFields({ mark, onChange, onRemove }: FieldsOptions) {
  const { t } = useWords();
  const { kind, id, directions, points } = mark;
  const [first, second] = directions;
  const kindName = t.cameras.marks[kind];
  return (
    <>
      {kind === 'mask' && <span class="form-name">{kindName}</span>}
      {kind !== 'mask' && (
        <Field name={kindName}>
          {(field) => (
            <TextInput
              {...field}
              value={id}
              onValue={(value) => onChange({ ...mark, id: value })}
              maxLength={LONGEST_NAME}
              required
            />
          )}
        </Field>
      )}
      {kind === 'line' &&
        [0, 1].map((index) => (
          <Field key={index} name={t.cameras.directions[index] ?? ''}>
            {(field) => (
              <TextInput
                {...field}
                value={directions[index] ?? ''}
                onValue={(value) => onChange({ ...mark, directions: index === 0 ? [value, second] : [first, value] })}
                maxLength={LONGEST_NAME}
                required
              />
            )}
          </Field>
        ))}
      <div class="form-end">
        {kind === 'line' ? (
          <button type="button" class="button" onClick={() => onChange({ ...mark, points: points.toReversed() })}>
            {t.cameras.turn}
          </button>
        ) : (
          <>
            <button type="button" class="button" onClick={() => onChange(addCorner(mark))}>
              {t.cameras.addCorner}
            </button>
            <button
              type="button"
              class="button"
              disabled={points.length <= 3}
              onClick={() => onChange(dropCorner(mark))}
            >
              {t.cameras.dropCorner}
            </button>
          </>
        )}
        <button type="button" class="round" aria-label={t.cameras.removeMark(id || kindName)} onClick={onRemove}>
          <Icon name="close" />
        </button>
      </div>
    </>
  );
}
