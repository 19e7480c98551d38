import { useState } from 'preact/hooks';
import type { Imported } from '../../contract/api/lists.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Field, Form, useAction } from '../parts/form.tsx';
import { useWords } from '../speech.tsx';
import { importFile } from './lists-client.ts';

const CSV_FILES = '.csv,text/csv';
const KINDS = ['added', 'changed', 'removed', 'unchanged', 'refused'] as const;

/** Takes a CSV file into a list, once somebody has seen what it would change. */
export function ImportDialog({ list, onClose }: { list: string; onClose: () => void }) {
  const { t } = useWords();
  const [file, setFile] = useState<File>();
  const [replaces, setReplaces] = useState(false);
  const [seen, setSeen] = useState<Imported>();
  const action = useAction(async () => {
    if (file) setSeen(await importFile(list, file, { replaces, applies: seen !== undefined }));
  });
  return (
    <Dialog title={t.lists.import} onClose={onClose}>
      {seen?.applied && <p role="status">{t.lists.done}</p>}
      {seen && <Changes imported={seen} />}
      {!seen?.applied && (
        <Form action={action} submit={seen ? t.lists.apply : t.lists.preview} isReady={file !== undefined}>
          <Field name={t.lists.file} hint={t.lists.importHint}>
            {(field) => (
              <input
                {...field}
                type="file"
                accept={CSV_FILES}
                onChange={(event) => {
                  setFile(event.currentTarget.files?.[0]);
                  setSeen(undefined);
                }}
              />
            )}
          </Field>
          <label class="choice">
            <input
              type="checkbox"
              checked={replaces}
              onChange={(event) => {
                setReplaces(event.currentTarget.checked);
                setSeen(undefined);
              }}
            />
            {t.lists.replace}
          </label>
        </Form>
      )}
    </Dialog>
  );
}

function Changes({ imported }: { imported: Imported }) {
  const { t, number } = useWords();
  const { shown, refusals } = imported;
  const examples = { ...shown, unchanged: [], refused: [] };
  return (
    <dl class="import-changes">
      {KINDS.filter((kind) => imported[kind] > 0).map((kind) => (
        <div key={kind}>
          <dt>
            {number(imported[kind])} {t.lists[kind]}
          </dt>
          {examples[kind].length > 0 && <dd>{examples[kind].join(', ')}</dd>}
        </div>
      ))}
      {refusals.map(({ line, why }) => (
        <dd key={line} class="import-refusal">
          {t.lists.line(number(line), why)}
        </dd>
      ))}
      {imported.refused > refusals.length && <dd>{t.lists.moreLines(number(imported.refused - refusals.length))}</dd>}
    </dl>
  );
}
