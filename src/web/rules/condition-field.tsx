import { useState } from 'preact/hooks';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../speech.tsx';
import { nameIn } from '../words.ts';
import { PartField } from './part-field.tsx';
import { CONDITION, put, startOf, type Tree, treeOf } from './rule-parts.ts';

/** Conditions of conditions: all of these, any of these, not this. */
const JOINED = { all: [{}], any: [{}, {}], not: {} } as const;
const KEYS = [...Object.keys(CONDITION), ...Object.keys(JOINED)];

type ConditionOptions = Readonly<{ condition: Tree; onCondition: (condition: Tree) => void }>;

/** Everything that must hold of a passage besides its plate. */
export function ConditionField({ condition, onCondition }: ConditionOptions) {
  const { t } = useWords();
  const [chosen, setChosen] = useState('');
  const set = (key: string, value: unknown) => onCondition(put(condition, key, value));
  const add = () => {
    const kind = nameIn(CONDITION, chosen);
    set(chosen, kind === undefined ? nameIn<unknown>(JOINED, chosen) : startOf(kind));
    setChosen('');
  };
  return (
    <div class="rule-conditions">
      {KEYS.filter((key) => condition[key] !== undefined).map((key) => (
        <div key={key} class="rule-condition">
          <Part name={key} value={condition[key]} onValue={(value) => set(key, value)} />
          <RemoveButton name={nameIn(t.rules.parts, key) ?? key} onRemove={() => set(key, undefined)} />
        </div>
      ))}
      <span class="rule-add">
        <select
          aria-label={t.rules.addCondition}
          value={chosen}
          onChange={(event) => setChosen(event.currentTarget.value)}
        >
          <option value="">{t.rules.addCondition}</option>
          {KEYS.filter((key) => condition[key] === undefined).map((key) => (
            <option key={key} value={key}>
              {nameIn(t.rules.parts, key) ?? key}
            </option>
          ))}
        </select>
        <button type="button" class="button" disabled={chosen === ''} onClick={add}>
          <Icon name="plus" /> {t.rules.add}
        </button>
      </span>
    </div>
  );
}

type PartOptions = Readonly<{ name: string; value: unknown; onValue: (value: unknown) => void }>;

function Part({ name, value, onValue }: PartOptions) {
  const { t } = useWords();
  const kind = nameIn(CONDITION, name);
  const title = nameIn(t.rules.parts, name) ?? name;
  if (name === 'not') {
    return (
      <fieldset class="rule-nested">
        <legend>{title}</legend>
        <ConditionField condition={treeOf(value)} onCondition={onValue} />
      </fieldset>
    );
  }
  if (kind === undefined) return <Joined name={title} value={value} onValue={onValue} />;
  if (typeof kind !== 'object') return <PartField name={name} kind={kind} value={value} onValue={onValue} />;
  return (
    <fieldset>
      <legend>{title}</legend>
      <PartField name={name} kind={kind} value={value} onValue={onValue} />
    </fieldset>
  );
}

function Joined({ name, value, onValue }: PartOptions) {
  const { t } = useWords();
  const all = Array.isArray(value) ? value.map(treeOf) : [];
  return (
    <fieldset class="rule-nested">
      <legend>{name}</legend>
      {all.map((one, index) => (
        <div key={index} class="rule-condition rule-alternative">
          <ConditionField condition={one} onCondition={(next) => onValue(all.with(index, next))} />
          {all.length > 1 && (
            <RemoveButton
              name={`${name} ${index + 1}`}
              onRemove={() => onValue(all.filter((_, other) => other !== index))}
            />
          )}
        </div>
      ))}
      <button type="button" class="button" onClick={() => onValue([...all, {}])}>
        <Icon name="plus" /> {t.rules.addAlternative}
      </button>
    </fieldset>
  );
}

function RemoveButton({ name, onRemove }: { name: string; onRemove: () => void }) {
  const { t } = useWords();
  return (
    <button type="button" class="round" aria-label={t.rules.removePart(name)} onClick={onRemove}>
      <Icon name="close" />
    </button>
  );
}
