import { useState } from 'preact/hooks';
import type { Who } from '../data/session.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Field, Form, TextInput, useAction } from '../parts/form.tsx';
import { useFrame } from '../services.ts';
import { useWords } from '../speech.tsx';
import { beginTotp, confirmTotp, removeTotp, type Secret } from './account-client.ts';
import { QrCode } from './qr-code.tsx';

type Step = Readonly<{ secret?: Secret; codes?: readonly string[] }>;

/** Turns the codes of an authenticator on or off. */
export function SecondFactor({ who }: { who: Who }) {
  const { t } = useWords();
  const [step, setStep] = useState<Step>({});
  return (
    <section class="panel" aria-labelledby="second-factor">
      <h2 id="second-factor">{t.account.secondFactor}</h2>
      {step.codes !== undefined && <RecoveryCodes codes={step.codes} />}
      {step.codes === undefined && step.secret !== undefined && (
        <Confirm secret={step.secret} onCodes={(codes) => setStep({ codes })} />
      )}
      {step.codes === undefined && step.secret === undefined && (
        <TurnOnOrOff isOn={who.second_factor} onSecret={(secret) => setStep({ secret })} />
      )}
    </section>
  );
}

function TurnOnOrOff({ isOn, onSecret }: { isOn: boolean; onSecret: (secret: Secret) => void }) {
  const { t } = useWords();
  const { session } = useFrame();
  const [password, setPassword] = useState('');
  const action = useAction(async () => {
    if (!isOn) return onSecret(await beginTotp(password));
    await removeTotp(password);
    setPassword('');
    return session.refresh();
  });
  return (
    <>
      <p class="quiet">{isOn ? t.account.secondFactorOn : t.account.secondFactorOff}</p>
      <Form action={action} submit={isOn ? t.account.turnOff : t.account.turnOn}>
        <Field name={t.account.yourPassword}>
          {(field) => (
            <TextInput
              {...field}
              type="password"
              value={password}
              onValue={setPassword}
              autocomplete="current-password"
              required
            />
          )}
        </Field>
      </Form>
    </>
  );
}

function Confirm({ secret, onCodes }: { secret: Secret; onCodes: (codes: readonly string[]) => void }) {
  const { t } = useWords();
  const [code, setCode] = useState('');
  const action = useAction(async () => onCodes(await confirmTotp(code)));
  return (
    <>
      <p>{t.account.scan}</p>
      <QrCode text={secret.url} label={t.account.qrCode} />
      <p class="secret">
        {t.account.orType} <code>{secret.secret.replaceAll(/(.{4})/g, '$1 ').trim()}</code>
        <CopyButton text={secret.secret} />
      </p>
      <Form action={action} submit={t.account.confirm}>
        <Field name={t.entrance.code}>
          {(field) => (
            <TextInput
              {...field}
              value={code}
              onValue={setCode}
              autocomplete="one-time-code"
              inputMode="numeric"
              pattern="[0-9 ]*"
              required
            />
          )}
        </Field>
      </Form>
    </>
  );
}

/** They are shown this once; going on says that they are kept. */
function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  const { t } = useWords();
  const { session } = useFrame();
  return (
    <>
      <p>{t.account.recoveryCodes}</p>
      <ul class="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div class="form-end">
        <CopyButton text={codes.join('\n')} />
        <button type="button" class="button button-main" onClick={() => void session.refresh()}>
          {t.account.codesKept}
        </button>
      </div>
    </>
  );
}
