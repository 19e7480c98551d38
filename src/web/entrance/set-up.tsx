import { useState } from 'preact/hooks';
import type { Ways } from '../../contract/api/auth.ts';
import { useAnswer } from '../data/answer.ts';
import { RequestError } from '../data/request.ts';
import { checkLink, setUpAccount } from '../data/session.ts';
import { Field, Form, TextInput, useAction } from '../parts/form.tsx';
import { Marked } from '../parts/marked.tsx';
import { Empty, Skeleton } from '../parts/notice.tsx';
import type { SetUpLink } from '../route.ts';
import { useFrame } from '../services.ts';
import { useWords } from '../speech.tsx';

/** Chooses the password of an account, and the name of the very first one. */
export function SetUp({ ways, link }: { ways: Ways; link: SetUpLink }) {
  const { t, number } = useWords();
  const { session } = useFrame();
  const [name, setName] = useState(link.name ?? '');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const isFirst = !ways.set_up;
  const differs = again !== '' && again !== password;
  const action = useAction(async () => {
    if (password !== again) return;
    await setUpAccount({ token: link.token, password, ...(isFirst && { name: name.trim() }) });
    // The link has done its work; nothing of it stays in the history of the browser.
    history.replaceState(null, '', '/#/live');
    await session.refresh();
  });
  const checked = useAnswer(link.token, (signal) => checkLink(link.token, signal));
  // The link of the very first account names nobody; it is over as soon as there is one.
  const isOver = (!isFirst && link.name === undefined) || isSignInFailed(checked.error) || isSignInFailed(action.error);
  if (isOver) {
    return (
      <Empty icon="token" title={t.entrance.linkOver}>
        <p>
          <Marked text={t.entrance.linkOverHow} />
        </p>
        <a class="button button-main" href="/#/live">
          {t.entrance.signIn}
        </a>
      </Empty>
    );
  }
  if (checked.value === undefined && checked.error === undefined) return <Skeleton rows={4} />;
  return (
    <>
      <h2>{isFirst ? t.entrance.firstAccount : t.entrance.choosePassword(name)}</h2>
      <p class="quiet">{isFirst ? t.entrance.firstAccountMeans : t.entrance.choosePasswordMeans}</p>
      <Form action={action} submit={isFirst ? t.entrance.create : t.entrance.savePassword}>
        {isFirst && (
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
        )}
        <Field name={t.entrance.newPassword} hint={t.entrance.passwordHint(number(ways.password_min))}>
          {(field) => (
            <TextInput
              {...field}
              type="password"
              value={password}
              onValue={setPassword}
              autocomplete="new-password"
              minLength={ways.password_min}
              required
              focused={!isFirst}
            />
          )}
        </Field>
        <Field name={t.entrance.again} hint={differs ? t.entrance.differs : undefined}>
          {(field) => (
            <TextInput
              {...field}
              type="password"
              value={again}
              onValue={setAgain}
              autocomplete="new-password"
              required
            />
          )}
        </Field>
      </Form>
    </>
  );
}

/** Here nothing but the link can be wrong. */
function isSignInFailed(error: unknown): boolean {
  return error instanceof RequestError && error.code === 'SIGN_IN_FAILED';
}
