import { useState } from 'preact/hooks';
import type { KeptRule } from '../../contract/api/rules.ts';
import { RequestError } from '../data/request.ts';
import { useLeaveGuard } from '../leave-guard.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Form, useAction } from '../parts/form.tsx';
import { Icon } from '../parts/icon.tsx';
import { Problem } from '../parts/notice.tsx';
import { formatRoute } from '../route.ts';
import { useWords } from '../speech.tsx';
import { BackTest } from './back-test.tsx';
import { describeRule } from './describe-rule.ts';
import { KnownContext, useNames } from './known.ts';
import { RuleForm } from './rule-form.tsx';
import type { Tree } from './rule-parts.ts';
import { checkRule, removeRule, writeRule } from './rules-client.ts';
import { useDraft } from './use-draft.ts';
import { YamlPane } from './yaml-pane.tsx';
import '../parts/outcome.css';

const PANES = ['form', 'yaml', 'test'] as const;
const ALL = formatRoute({ screen: 'rules', id: undefined });

type BuilderOptions = Readonly<{
  /** The rule that is changed; undefined for a new one. */
  kept: KeptRule | undefined;
  begin: Tree;
  /** Whether another rule has this id, which must not be overwritten. */
  isTaken: (id: string) => boolean;
  /** Whether it was saved just now. */
  isSaved: boolean;
  onSaved: (id: string) => void;
}>;

/** One rule as a form, as YAML, and tried on what is stored; on a phone one of these at a time. */
export function RuleBuilder({ kept, begin, isTaken, isSaved, onSaved }: BuilderOptions) {
  const words = useWords();
  const { t } = words;
  const names = useNames();
  const draft = useDraft(begin);
  const [pane, setPane] = useState<(typeof PANES)[number]>('form');
  const [isRemoving, setRemoving] = useState(false);
  const isFixed = kept?.origin === 'file';
  useLeaveGuard(draft.isUnsaved, t.rules.leave);
  const saving = useAction(async () => {
    const rule = await checkRule(draft.text);
    const { id } = rule;
    if (id !== kept?.rule.id && isTaken(id)) throw new RequestError('CONFLICT', t.rules.taken(id));
    await writeRule(rule);
    draft.setSaved();
    onSaved(id);
    location.hash = formatRoute({ screen: 'rules', id });
  });
  const shown = draft.rule ?? kept?.rule;
  return (
    <KnownContext.Provider value={names}>
      <header class="screen-head">
        <div>
          <a class="list-back" href={ALL}>
            <Icon name="back" /> {t.rules.all}
          </a>
          <h1>{kept?.rule.name ?? t.rules.create}</h1>
          {shown && <span class="quiet">{describeRule(shown, words)}</span>}
        </div>
        <div class="list-tools">
          {!isFixed && (
            <button type="button" class="button button-main" disabled={saving.busy} onClick={saving.run}>
              {t.lists.save}
            </button>
          )}
          {kept && (
            <a class="button" href={formatRoute({ screen: 'rules', id: `=${kept.rule.id}` })}>
              <Icon name="copy" /> {t.rules.copy}
            </a>
          )}
          {kept && !isFixed && (
            <button type="button" class="button" onClick={() => setRemoving(true)}>
              {t.rules.remove}
            </button>
          )}
        </div>
      </header>
      {isFixed && <p class="quiet">{t.rules.fixed}</p>}
      {saving.error !== undefined && <Problem error={saving.error} />}
      <p class="outcome outcome-good" role="status" hidden={!isSaved || draft.isUnsaved()}>
        {isSaved && !draft.isUnsaved() && t.rules.saved}
      </p>
      <nav class="views rule-tabs" aria-label={t.rules.form}>
        {PANES.map((one) => (
          <button key={one} type="button" aria-pressed={one === pane} onClick={() => setPane(one)}>
            {t.rules.panes[one]}
          </button>
        ))}
      </nav>
      <div class={`rule-panes show-${pane}`}>
        <div class="rule-form panel">
          <RuleForm draft={draft.tree} isNew={!kept} isFixed={isFixed} onDraft={draft.setTree} />
        </div>
        <div class="rule-beside">
          <div class="rule-text panel">
            <YamlPane text={draft.text} isFixed={isFixed} error={draft.error} onText={draft.setText} />
          </div>
          <BackTest rule={draft.rule} before={kept?.rule} />
        </div>
      </div>
      {isRemoving && kept && (
        <RemoveDialog
          kept={kept}
          onRemoved={() => {
            draft.setSaved();
            onSaved('');
            location.hash = ALL;
          }}
          onClose={() => setRemoving(false)}
        />
      )}
    </KnownContext.Provider>
  );
}

function RemoveDialog({ kept, onRemoved, onClose }: { kept: KeptRule; onRemoved: () => void; onClose: () => void }) {
  const { t } = useWords();
  const action = useAction(async () => {
    await removeRule(kept.rule.id);
    onRemoved();
  });
  return (
    <Dialog title={t.rules.removeRule(kept.rule.name)} onClose={onClose}>
      <Form action={action} submit={t.rules.remove}>
        <p>{t.rules.removeMeans}</p>
      </Form>
    </Dialog>
  );
}
