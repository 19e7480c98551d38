import { useEffect, useState } from 'preact/hooks';
import type { Schedule } from '../../contract/rule.ts';
import { Field, TextInput } from '../parts/form.tsx';
import { ScheduleField } from '../parts/schedule-field.tsx';
import { toggle } from '../parts/scope-field.tsx';
import { formatRoute } from '../route.ts';
import { useWords } from '../speech.tsx';
import { nameIn } from '../words.ts';
import { useKnown } from './known.ts';
import { type Kind, type KnownNames, put, type Tree, treeOf, wordsOf } from './rule-parts.ts';
import { SpanInput } from './span-input.tsx';

type Edited<T> = Readonly<{ name: string; value: T; onValue: (value: unknown) => void }>;

/** One part of a rule. `name` is its key there; an empty one calls `onValue` with undefined where it may be left out. */
export function PartField({ name, kind, value, onValue }: Edited<unknown> & Readonly<{ kind: Kind }>) {
  const { t } = useWords();
  const title = nameIn(t.rules.parts, name) ?? name;
  if (kind === 'always') return null;
  if (kind === 'words') return <WordsField name={title} value={wordsOf(value)} onValue={onValue} />;
  if (kind === 'schedule') {
    return (
      <ScheduleField
        name={title}
        schedule={value === undefined ? null : (treeOf(value) as Schedule)}
        onSchedule={(schedule) => onValue(schedule ?? undefined)}
      />
    );
  }
  if (typeof kind === 'object' && 'parts' in kind) {
    const tree = treeOf(value);
    return (
      <div class="rule-parts">
        {Object.entries(kind.parts).map(([key, part]) => (
          <PartField
            key={key}
            name={key}
            kind={part}
            value={tree[key]}
            onValue={(next) => onValue(put(tree, key, isEmpty(next) && !(key in kind.start) ? undefined : next))}
          />
        ))}
      </div>
    );
  }
  if (typeof kind === 'object') {
    const { choices } = kind;
    return (
      <Field name={title}>
        {(field) => (
          <select {...field} value={String(value)} onChange={(event) => onValue(event.currentTarget.value)}>
            {choices.map((one) => (
              <option key={one} value={one}>
                {nameIn(t.rules.choices, one) ?? one}
              </option>
            ))}
          </select>
        )}
      </Field>
    );
  }
  if (kind === 'span') return <SpanInput name={title} value={value} onValue={onValue} />;
  if (kind === 'share') return <NumberField name={`${title} (%)`} scale={100} value={value} onValue={onValue} />;
  if (kind === 'whole') return <NumberField name={title} scale={1} value={value} onValue={onValue} />;
  if (kind === 'text') {
    return (
      <Field name={title}>
        {(field) => <TextInput {...field} value={String(value ?? '')} onValue={onValue} maxLength={200} />}
      </Field>
    );
  }
  return <KnownField name={title} known={kind} value={wordsOf(value)} onValue={onValue} />;
}

/** Whether nothing is said, so that a part that may be left out is. */
function isEmpty(value: unknown): boolean {
  return value === '' || value === undefined || (Array.isArray(value) && value.length === 0);
}

function WordsField({ name, value, onValue }: Edited<readonly string[]>) {
  const { t } = useWords();
  const joined = value.join(', ');
  const [typed, setTyped] = useState(joined);
  useEffect(() => {
    if (split(typed).join(', ') !== joined) setTyped(joined);
  }, [joined]);
  return (
    <Field name={name} hint={t.rules.commas}>
      {(field) => (
        <TextInput
          {...field}
          value={typed}
          onValue={(text) => {
            setTyped(text);
            onValue(split(text));
          }}
        />
      )}
    </Field>
  );
}

function split(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function KnownField({ name, known, value, onValue }: Edited<readonly string[]> & Readonly<{ known: KnownNames }>) {
  const { t } = useWords();
  const names = useKnown()[known];
  if (names.size === 0) {
    return (
      <>
        <WordsField name={name} value={value} onValue={onValue} />
        {(known === 'directions' || known === 'zones') && (
          <p class="form-hint">
            {t.rules.noMarks} <a href={formatRoute({ screen: 'cameras' })}>{t.frame.names.cameras}</a>
          </p>
        )}
      </>
    );
  }
  const ids = [...new Set([...names.keys(), ...value])];
  return (
    <fieldset class="choices-row rule-known">
      <legend>{name}</legend>
      {ids.map((id) => (
        <label key={id} class="choice">
          <input type="checkbox" checked={value.includes(id)} onChange={() => onValue(toggle(value, id))} />
          {names.get(id) ?? id}
        </label>
      ))}
    </fieldset>
  );
}

function NumberField({ name, scale, value, onValue }: Edited<unknown> & Readonly<{ scale: number }>) {
  const shown = typeof value === 'number' ? Number((value * scale).toFixed(2)) : '';
  return (
    <Field name={name}>
      {(field) => (
        <input
          {...field}
          type="number"
          min="0"
          step={scale === 1 ? 1 : 'any'}
          value={shown}
          onInput={(event) => {
            const { valueAsNumber: typed } = event.currentTarget;
            onValue(Number.isNaN(typed) ? undefined : Number((typed / scale).toFixed(6)));
          }}
        />
      )}
    </Field>
  );
}

/** Chooses one of several parts that exclude each other; what the others said is dropped. */
export function OneOf({
  name,
  kinds,
  tree,
  onTree,
  start,
}: Readonly<{
  name: string;
  kinds: Readonly<Record<string, Kind>>;
  tree: Tree;
  onTree: (tree: Tree) => void;
  start: (kind: Kind) => unknown;
}>) {
  const { t } = useWords();
  const chosen = Object.keys(kinds).find((key) => key in tree) ?? '';
  const kind = kinds[chosen];
  return (
    <>
      <Field name={name}>
        {(field) => (
          <select
            {...field}
            value={chosen}
            onChange={({ currentTarget: { value: key } }) => {
              const next = kinds[key];
              if (next !== undefined) onTree({ [key]: next === kind ? tree[chosen] : start(next) });
            }}
          >
            {Object.keys(kinds).map((key) => (
              <option key={key} value={key}>
                {nameIn(t.rules.parts, key) ?? key}
              </option>
            ))}
          </select>
        )}
      </Field>
      {kind !== undefined && (
        <PartField
          key={chosen}
          name={chosen}
          kind={kind}
          value={tree[chosen]}
          onValue={(value) => onTree(put(tree, chosen, value))}
        />
      )}
    </>
  );
}
