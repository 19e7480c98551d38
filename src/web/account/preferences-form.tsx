import { useState } from 'preact/hooks';
import type { Who } from '../data/session.ts';
import { isLanguage, LANGUAGES } from '../languages/languages.ts';
import { Field, Form, useAction } from '../parts/form.tsx';
import { useFrame } from '../services.ts';
import { useWords } from '../speech.tsx';
import { isZone } from '../zoned-time.ts';
import { changePreferences } from './account-client.ts';

/** Language and time zone; both follow the browser unless they are chosen. */
export function PreferencesForm({ who }: { who: Who }) {
  const { t, minute } = useWords();
  const { session } = useFrame();
  const [language, setLanguage] = useState<string>(who.language ?? '');
  const [zone, setZone] = useState(who.time_zone ?? '');
  const isUnknown = zone !== '' && !isZone(zone);
  const action = useAction(async () => {
    if (isUnknown) return;
    await changePreferences({
      language: isLanguage(language) ? language : null,
      time_zone: zone === '' ? null : zone,
    });
    await session.refresh();
  });
  return (
    <section class="panel" aria-labelledby="preferences">
      <h2 id="preferences">{t.account.preferences}</h2>
      <Form action={action} submit={t.account.save}>
        <Field name={t.account.language}>
          {(field) => (
            <select {...field} value={language} onChange={(event) => setLanguage(event.currentTarget.value)}>
              <option value="">{t.account.browserLanguage}</option>
              {Object.entries(LANGUAGES).map(([code, name]) => (
                <option key={code} value={code} lang={code}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field
          name={t.account.timeZone}
          hint={isUnknown ? t.account.unknownZone : t.account.timeNow(minute(new Date().toISOString()))}
        >
          {(field) => (
            <>
              <input
                {...field}
                list="zones"
                value={zone}
                maxLength={64}
                spellcheck={false}
                onInput={(event) => setZone(event.currentTarget.value)}
              />
              <datalist id="zones">
                {Intl.supportedValuesOf('timeZone').map((name) => (
                  <option key={name} value={name} />
                ))}
              </datalist>
            </>
          )}
        </Field>
      </Form>
    </section>
  );
}
