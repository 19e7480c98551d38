import { useState } from 'preact/hooks';
import type { KeptRule } from '../../contract/api/rules.ts';
import { useAnswer } from '../data/answer.ts';
import { AlertsNav } from '../parts/alerts-nav.tsx';
import { useAction } from '../parts/form.tsx';
import { Icon } from '../parts/icon.tsx';
import { Empty, Problem, Skeleton } from '../parts/notice.tsx';
import { formatRoute } from '../route.ts';
import { useWords } from '../speech.tsx';
import { toId } from '../to-id.ts';
import { nameIn } from '../words.ts';
import { describeRule } from './describe-rule.ts';
import { RuleBuilder } from './rule-builder.tsx';
import type { Tree } from './rule-parts.ts';
import { fetchRules, writeRule } from './rules-client.ts';
import { TEMPLATE_NAMES, TEMPLATES } from './templates.ts';
import '../styles/lists.css';
import '../styles/rules.css';

/** All rules, or one of them. Addresses of new ones begin with what no id has: `+watch` by a template, `=ID` as a copy. */
export function RulesScreen({ id }: { id: string | undefined }) {
  const { t } = useWords();
  const { value, error, retry } = useAnswer('rules', fetchRules);
  const [saved, setSaved] = useState<string>();
  const opened = value && id !== undefined ? open(id, value.rules, t.rules.templates) : undefined;
  return (
    <main class="screen rules" id="content">
      <AlertsNav screen="rules" />
      {error !== undefined && <Problem error={error} retry={retry} />}
      {value === undefined && error === undefined && <Skeleton rows={3} kind="row" />}
      {value && opened && (
        <RuleBuilder
          key={id}
          {...opened}
          isTaken={(wanted) => value.rules.some(({ rule }) => rule.id === wanted)}
          isSaved={saved === id}
          onSaved={(now) => {
            setSaved(now);
            retry();
          }}
        />
      )}
      {value && !opened && id !== undefined && <Empty icon="warning" title={t.errors.codes.NOT_FOUND} />}
      {value && id === undefined && <Overview rules={value.rules} file={value.file} onChanged={retry} />}
    </main>
  );
}

type Opened = Readonly<{ kept: KeptRule | undefined; begin: Tree }>;

function open(id: string, rules: readonly KeptRule[], names: Readonly<Record<string, string>>): Opened | undefined {
  const named = id.slice(1);
  if (id.startsWith('+')) {
    const begin = nameIn<Tree>(TEMPLATES, named);
    const name = named === 'blank' ? '' : (names[named] ?? '');
    return begin && { kept: undefined, begin: { id: toId(name), name, ...begin } };
  }
  const find = (wanted: string) =>
    rules.find(({ rule, is_overruled: isOverruled }) => rule.id === wanted && !isOverruled);
  if (id.startsWith('=')) {
    const copied = find(named);
    return copied && { kept: undefined, begin: { ...copied.rule, id: '' } };
  }
  const kept = find(id);
  return kept && { kept, begin: kept.rule };
}

type OverviewOptions = Readonly<{
  rules: readonly KeptRule[];
  file: Readonly<{ path: string; error: string | null }> | null;
  onChanged: () => void;
}>;

function Overview({ rules, file, onChanged }: OverviewOptions) {
  const { t } = useWords();
  const { templates } = t.rules;
  return (
    <>
      <header class="screen-head">
        <h1>{t.frame.names.rules}</h1>
        <details class="rule-new">
          <summary class="button button-main">
            <Icon name="plus" /> {t.rules.create}
          </summary>
          <ul class="panel">
            {TEMPLATE_NAMES.map((name) => (
              <li key={name}>
                <a href={formatRoute({ screen: 'rules', id: `+${name}` })}>{templates[name]}</a>
              </li>
            ))}
          </ul>
        </details>
      </header>
      {file?.error && (
        <div class="problem" role="alert">
          <div>
            <p>{t.rules.fileFault(file.path)}</p>
            <pre class="rule-file-error">{file.error}</pre>
          </div>
        </div>
      )}
      {rules.length === 0 && (
        <Empty icon="bell" title={t.rules.none}>
          {t.rules.noneMeans}
        </Empty>
      )}
      <ul class="rule-list">
        {rules.map((kept) => (
          <RuleRow key={`${kept.origin} ${kept.rule.id}`} kept={kept} path={file?.path} onChanged={onChanged} />
        ))}
      </ul>
    </>
  );
}

type RowOptions = Readonly<{ kept: KeptRule; path: string | undefined; onChanged: () => void }>;

function RuleRow({ kept, path, onChanged }: RowOptions) {
  const words = useWords();
  const { t, countOf, number, percent } = words;
  const { rule, origin, right, wrong } = kept;
  const action = useAction(async () => {
    await writeRule({ ...rule, enabled: !rule.enabled });
    onChanged();
  });
  const judged = right + wrong;
  return (
    <li class={`panel ${rule.enabled && !kept.is_overruled ? '' : 'rule-off'}`}>
      <input
        type="checkbox"
        aria-label={t.rules.onOf(rule.name)}
        checked={rule.enabled}
        disabled={origin === 'file' || kept.is_overruled || action.busy}
        onChange={action.run}
      />
      <div class="rule-row">
        <span class="rule-name">
          {kept.is_overruled ? (
            <b>{rule.name}</b>
          ) : (
            <a href={formatRoute({ screen: 'rules', id: rule.id })}>{rule.name}</a>
          )}
          <span class={`chip chip-${rule.severity}`}>{t.alerts.severities[rule.severity]}</span>
        </span>
        <span>{describeRule(rule, words)}</span>
        <span class="quiet">
          {[
            rule.id,
            origin === 'file' ? t.rules.ofFile(path ?? '') : t.rules.ofPage(kept.changed_by),
            countOf(kept.alerts_last_day, t.rules.lastDay),
            ...(judged > 0 ? [t.rules.precision(percent(right / judged), number(judged))] : []),
          ].join(' · ')}
        </span>
        {kept.is_overruled && <span class="rule-error">{t.rules.overruled}</span>}
        {action.error !== undefined && <Problem error={action.error} />}
      </div>
    </li>
  );
}
