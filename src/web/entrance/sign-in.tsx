import { useState } from 'preact/hooks';
import type { Ways } from '../../contract/api/auth.ts';
import { RequestError } from '../data/request.ts';
import { Field, type FieldIds, Form, TextInput, useAction } from '../parts/form.tsx';
import { Problem } from '../parts/notice.tsx';
import { readSignInError } from '../route.ts';
import { useFrame } from '../services.ts';
import { useWords } from '../speech.tsx';

/** Name and password, then the code where the account has a second factor. */
export function SignIn({ ways }: { ways: Ways }) {
  const { t } = useWords();
  const { session } = useFrame();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState<string>();
  const refused = readSignInError(location.hash);
  const action = useAction(async () => {
    try {
      await session.signIn({ name: name.trim(), password, ...(code && { code: code.replaceAll(/\s/g, '') }) });
    } catch (error) {
      if (wantsCode(error)) setCode('');
      throw error;
    }
  });
  return (
    <>
      <h2>{t.entrance.signIn}</h2>
      {refused !== undefined && <Problem error={new RequestError(refused, t.entrance.refused)} />}
      <Form action={action} submit={t.entrance.signIn} explain={wantsCode}>
        <Field name={t.entrance.name}>
          {(field) => (
            <TextInput
              {...field}
              value={name}
              onValue={setName}
              autocomplete="username"
              maxLength={64}
              required
              focused
            />
          )}
        </Field>
        <Field name={t.entrance.password}>
          {(field) => (
            <TextInput
              {...field}
              type="password"
              value={password}
              onValue={setPassword}
              autocomplete="current-password"
              maxLength={1024}
              required
            />
          )}
        </Field>
        {code !== undefined && (
          <Field name={t.entrance.code} hint={t.entrance.codeHint}>
            {(field) => <CodeInput {...field} value={code} onValue={setCode} />}
          </Field>
        )}
      </Form>
      {ways.oidc !== null && (
        <a class="button button-wide" href="/auth/oidc">
          {t.entrance.signInWith(ways.oidc)}
        </a>
      )}
    </>
  );
}

/** The code is asked for when it is needed, so the field takes the focus. */
function CodeInput(props: FieldIds & Readonly<{ value: string; onValue: (value: string) => void }>) {
  const { value, onValue, ...ids } = props;
  return (
    <input
      {...ids}
      ref={(input) => void (value === '' && input?.focus())}
      value={value}
      onInput={(event) => onValue(event.currentTarget.value)}
      autocomplete="one-time-code"
      maxLength={32}
      required
    />
  );
}

function wantsCode(error: unknown): boolean {
  return error instanceof RequestError && error.code === 'SECOND_FACTOR_REQUIRED';
}
