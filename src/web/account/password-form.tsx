import { useState } from 'preact/hooks';
import { useAnswer } from '../data/answer.ts';
import { fetchWays } from '../data/session.ts';
import { Field, Form, TextInput, useAction } from '../parts/form.tsx';
import { useWords } from '../speech.tsx';
import { changePassword } from './account-client.ts';

/** Changes the password; every other browser of the account is signed out by it. */
export function PasswordForm() {
  const { t, number } = useWords();
  const least = useAnswer('ways', fetchWays).value?.password_min;
  const [old, setOld] = useState('');
  const [fresh, setFresh] = useState('');
  const [changed, setChanged] = useState(false);
  const action = useAction(async () => {
    setChanged(false);
    await changePassword({ old, new: fresh });
    setOld('');
    setFresh('');
    setChanged(true);
  });
  return (
    <section class="panel" aria-labelledby="password">
      <h2 id="password">{t.entrance.password}</h2>
      <Form action={action} submit={t.account.changePassword}>
        <Field name={t.account.oldPassword}>
          {(field) => (
            <TextInput
              {...field}
              type="password"
              value={old}
              onValue={setOld}
              autocomplete="current-password"
              required
            />
          )}
        </Field>
        <Field
          name={t.entrance.newPassword}
          hint={least === undefined ? undefined : t.entrance.passwordHint(number(least))}
        >
          {(field) => (
            <TextInput
              {...field}
              type="password"
              value={fresh}
              onValue={setFresh}
              autocomplete="new-password"
              minLength={least}
              required
            />
          )}
        </Field>
      </Form>
      {changed && <p role="status">{t.account.passwordChanged}</p>}
    </section>
  );
}
