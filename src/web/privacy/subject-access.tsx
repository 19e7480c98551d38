import { useState } from 'preact/hooks';
import { normalizePlate } from '../../contract/plate-text.ts';
import { fileAt } from '../data/download.ts';
import { DownloadButton } from '../parts/download.tsx';
import { Field, TextInput } from '../parts/form.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { addressOfSubject } from './privacy-client.ts';

/** Gives whoever asks everything on their plate. */
export function SubjectAccess() {
  const { t } = useWords();
  const { may } = useServices();
  const [typed, setTyped] = useState('');
  const [lookUps, setLookUps] = useState(false);
  const plate = normalizePlate(typed);
  return (
    <section class="panel" aria-labelledby="subject-access">
      <h2 id="subject-access">{t.privacy.subjectAccess}</h2>
      <p class="quiet">{t.privacy.subjectAccessMeans}</p>
      <div class="form">
        <Field name={t.privacy.plate}>
          {(ids) => <TextInput {...ids} value={typed} onValue={setTyped} autocomplete="off" maxLength={64} />}
        </Field>
        {may('audit') && (
          <label class="choice">
            <input type="checkbox" checked={lookUps} onChange={(event) => setLookUps(event.currentTarget.checked)} />
            {t.privacy.lookUps}
          </label>
        )}
        {plate !== '' && (
          <DownloadButton
            key={plate}
            load={fileAt(addressOfSubject(plate, lookUps))}
            label={t.privacy.fetchAll(plate)}
          />
        )}
      </div>
    </section>
  );
}
