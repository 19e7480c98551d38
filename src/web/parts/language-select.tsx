import { useCell } from '../data/cell.ts';
import { isLanguage, LANGUAGES } from '../languages/languages.ts';
import { useFrame } from '../services.ts';
import { rememberPreferences, useWords } from '../speech.tsx';

/** Chooses the language for this browser, before anybody has signed in. */
export function LanguageSelect() {
  const { t } = useWords();
  const { preferences } = useFrame();
  const { language, zone } = useCell(preferences);
  const choose = (code: string) => {
    const chosen = { language: isLanguage(code) ? code : undefined, zone };
    rememberPreferences(chosen);
    preferences.set(chosen);
  };
  return (
    <select
      class="language-select"
      aria-label={t.account.language}
      value={language ?? ''}
      onChange={(event) => choose(event.currentTarget.value)}
    >
      <option value="">{t.account.browserLanguage}</option>
      {Object.entries(LANGUAGES).map(([code, name]) => (
        <option key={code} value={code} lang={code}>
          {name}
        </option>
      ))}
    </select>
  );
}
