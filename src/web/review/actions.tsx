import { useWords } from '../speech.tsx';

type ActionsOptions = Readonly<{
  save: () => void;
  type: () => void;
  reject: () => void;
  merge: () => void;
  skip: () => void;
  goBack: () => void;
  /** The corrected text; undefined while nothing is changed. */
  text: string | undefined;
  canSave: boolean;
  canMerge: boolean;
  canGoBack: boolean;
}>;

/** The decisions, each with its key. */
export function Actions(options: ActionsOptions) {
  const { t } = useWords();
  const { text, canSave, canMerge, canGoBack } = options;
  return (
    <fieldset class="actions">
      <legend class="spoken">{t.review.decide}</legend>
      <button type="button" class="button button-main action-save" disabled={!canSave} onClick={options.save}>
        {text === undefined ? t.review.confirm : t.review.save(text)} <kbd>↵</kbd>
      </button>
      <button type="button" class="button" onClick={options.type}>
        {t.review.type} <kbd>c</kbd>
      </button>
      <button type="button" class="button" onClick={options.reject}>
        {t.review.reject} <kbd>x</kbd>
      </button>
      {canMerge && (
        <button type="button" class="button" onClick={options.merge}>
          {t.review.merge} <kbd>m</kbd>
        </button>
      )}
      <button type="button" class="button" onClick={options.skip}>
        {t.review.skip} <kbd>s</kbd>
      </button>
      <button type="button" class="button" disabled={!canGoBack} onClick={options.goBack}>
        {t.review.goBack} <kbd>u</kbd>
      </button>
    </fieldset>
  );
}
