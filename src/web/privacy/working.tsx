import { useWords } from '../speech.tsx';

/** Says that the answer takes a while, because every place is asked. */
export function Working() {
  const { t } = useWords();
  return (
    <p class="working" aria-live="polite">
      <span class="spinner" aria-hidden="true" />
      {t.privacy.working}
    </p>
  );
}
