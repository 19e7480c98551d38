import type { Schedule } from '../../contract/rule.ts';
import { Field, TextInput } from '../parts/form.tsx';
import { ScheduleField } from '../parts/schedule-field.tsx';
import { useWords } from '../speech.tsx';
import { toId } from '../to-id.ts';
import { ConditionField } from './condition-field.tsx';
import { OneOf, PartField } from './part-field.tsx';
import { MATCH, put, SYSTEM, startOf, type Tree, treeOf } from './rule-parts.ts';

const SEVERITIES = ['info', 'warning', 'critical'] as const;
const COOLDOWN = {
  parts: { for: 'span', per: { choices: ['plate', 'plate_and_camera', 'rule'] } },
  start: { for: '15m', per: 'plate' },
} as const;

type FormOptions = Readonly<{ draft: Tree; isNew: boolean; isFixed: boolean; onDraft: (draft: Tree) => void }>;

/** Every part of a rule as fields; what it does not know stays as it is. */
export function RuleForm({ draft, isNew, isFixed, onDraft }: FormOptions) {
  const { t } = useWords();
  const set = (key: string, value: unknown) => onDraft(put(draft, key, value));
  const text = (key: string) => (typeof draft[key] === 'string' ? draft[key] : '');
  const isOfSystem = draft.system !== undefined;
  const name = (given: string) => {
    const followed = isNew && draft.id === toId(text('name')) ? put(draft, 'id', toId(given)) : draft;
    onDraft(put(followed, 'name', given));
  };
  const turn = (toSystem: boolean) => {
    const { match: _match, system: _system, when: _when, ...others } = draft;
    onDraft(
      toSystem ? { ...others, system: { camera_down: { for: '5m' } } } : { ...others, match: { every_passage: true } },
    );
  };
  return (
    <fieldset class="form rule-fields" disabled={isFixed}>
      <legend class="spoken">{t.rules.form}</legend>
      <Field name={t.lists.name}>
        {(field) => <TextInput {...field} value={text('name')} onValue={name} maxLength={200} required />}
      </Field>
      {isNew && (
        <Field name={t.rules.id} hint={t.lists.idHint}>
          {(field) => (
            <TextInput {...field} value={text('id')} onValue={(id) => set('id', id)} maxLength={63} required />
          )}
        </Field>
      )}
      <Field name={t.lists.note}>
        {(field) => (
          <TextInput
            {...field}
            value={text('note')}
            onValue={(note) => set('note', note || undefined)}
            maxLength={2000}
          />
        )}
      </Field>
      <label class="choice">
        <input
          type="checkbox"
          checked={draft.enabled !== false}
          onChange={(event) => set('enabled', event.currentTarget.checked ? undefined : false)}
        />
        {t.rules.on}
      </label>
      <Field name={t.rules.about}>
        {(field) => (
          <select
            {...field}
            value={isOfSystem ? 'system' : 'plates'}
            onChange={(event) => turn(event.currentTarget.value === 'system')}
          >
            <option value="plates">{t.rules.abouts.plates}</option>
            <option value="system">{t.rules.abouts.system}</option>
          </select>
        )}
      </Field>
      {isOfSystem ? (
        <OneOf
          name={t.rules.what}
          kinds={SYSTEM}
          tree={treeOf(draft.system)}
          onTree={(system) => set('system', system)}
          start={startOf}
        />
      ) : (
        <>
          <OneOf
            name={t.rules.which}
            kinds={MATCH}
            tree={treeOf(draft.match)}
            onTree={(match) => set('match', match)}
            start={startOf}
          />
          <fieldset>
            <legend>{t.rules.when}</legend>
            <ConditionField
              condition={treeOf(draft.when)}
              onCondition={(when) => set('when', Object.keys(when).length === 0 ? undefined : when)}
            />
          </fieldset>
          <ActAt value={draft.act_at} onValue={(at) => set('act_at', at)} />
        </>
      )}
      <Field name={t.alerts.severity}>
        {(field) => (
          <select
            {...field}
            value={text('severity') || 'warning'}
            onChange={(event) => set('severity', event.currentTarget.value)}
          >
            {SEVERITIES.map((one) => (
              <option key={one} value={one}>
                {t.alerts.severities[one]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <fieldset>
        <legend>
          <label class="choice">
            <input
              type="checkbox"
              checked={draft.cooldown !== undefined}
              onChange={(event) => set('cooldown', event.currentTarget.checked ? COOLDOWN.start : undefined)}
            />
            {t.rules.cooldown}
          </label>
        </legend>
        {draft.cooldown !== undefined && (
          <PartField
            name="cooldown"
            kind={COOLDOWN}
            value={draft.cooldown}
            onValue={(cooldown) => set('cooldown', cooldown)}
          />
        )}
      </fieldset>
      <ScheduleField
        name={t.rules.quiet}
        schedule={draft.quiet === undefined ? null : (treeOf(draft.quiet) as Schedule)}
        onSchedule={(quiet) => set('quiet', quiet ?? undefined)}
      />
      <label class="choice">
        <input
          type="checkbox"
          checked={draft.verify === true}
          onChange={(event) => set('verify', event.currentTarget.checked || undefined)}
        />
        {t.rules.verify}
      </label>
      <PartField name="channels" kind="channels" value={draft.channels} onValue={(ids) => set('channels', ids)} />
    </fieldset>
  );
}

function ActAt({ value, onValue }: { value: unknown; onValue: (value: unknown) => void }) {
  const { t } = useWords();
  const early = treeOf(value);
  const isEarly = 'provisional' in early;
  return (
    <>
      <Field name={t.rules.actAt}>
        {(field) => (
          <select
            {...field}
            value={isEarly ? 'provisional' : 'final'}
            onChange={(event) => onValue(event.currentTarget.value === 'final' ? undefined : { provisional: 0.9 })}
          >
            <option value="final">{t.rules.actAts.final}</option>
            <option value="provisional">{t.rules.actAts.provisional}</option>
          </select>
        )}
      </Field>
      {isEarly && (
        <PartField
          name="at_least"
          kind="share"
          value={early.provisional}
          onValue={(share) => onValue({ ...early, provisional: share ?? 0 })}
        />
      )}
    </>
  );
}
